// SPDX-License-Identifier: MIT
// Texts and numbers of the system's random bytes.
#include "random.hpp"

#include <array>
#include <string_view>

namespace koshin {

namespace {
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}  // namespace

std::string random_secret() {
  std::array<unsigned char, 32> bytes{};
  fill_randomly(bytes);
  std::string text;
  unsigned accumulator = 0;
  unsigned bits = 0;
  for (const unsigned char byte : bytes) {
    accumulator = (accumulator << 8U) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += alphabet[(accumulator >> bits) & 63U];
    }
  }
  return text + alphabet[(accumulator << (6 - bits)) & 63U];
}

std::uint16_t random_number(std::uint16_t first, std::uint16_t last) {
  std::array<unsigned char, 4> bytes{};
  fill_randomly(bytes);
  std::uint32_t drawn = 0;
  for (const unsigned char byte : bytes) drawn = drawn << 8U | byte;
  const std::uint32_t span = std::uint32_t{last} - first + 1;
  return static_cast<std::uint16_t>(first + drawn % span);
}

}  // namespace koshin
