// SPDX-License-Identifier: MIT
// random_secret() from the kernel.
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "random.hpp"

namespace koshin::ui {

namespace {
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

template <std::size_t size>
std::array<unsigned char, size> random_bytes() {
  std::array<unsigned char, size> bytes{};
  if (getentropy(bytes.data(), bytes.size()) != 0)
    throw std::system_error(errno, std::generic_category(), "getentropy");
  return bytes;
}
}  // namespace

std::string random_secret() {
  const auto bytes = random_bytes<32>();
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
  std::uint32_t drawn = 0;
  for (const unsigned char byte : random_bytes<4>()) drawn = drawn << 8U | byte;
  const std::uint32_t span = std::uint32_t{last} - first + 1;
  return static_cast<std::uint16_t>(first + drawn % span);
}

}  // namespace koshin::ui
