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
}

std::string random_secret() {
  std::array<unsigned char, 32> bytes{};
  if (getentropy(bytes.data(), bytes.size()) != 0)
    throw std::system_error(errno, std::generic_category(), "getentropy");
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

}  // namespace koshin::ui
