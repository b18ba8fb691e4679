// SPDX-License-Identifier: MIT
// Classes of characters, in ASCII whatever the locale is.
#include "foundation/pin_characters.hpp"

#include <algorithm>

namespace koshin {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool is_printable(char c) {
  return c >= 0x20 && c < 0x7f;
}

}  // namespace

bool pin_characters_allowed(std::string_view policy, std::span<const char> pin) {
  if (policy == "any") return true;
  const auto allowed = policy == "digits"         ? is_digit
                       : policy == "alphanumeric" ? is_alphanumeric
                                                  : is_printable;
  return std::all_of(pin.begin(), pin.end(), allowed);
}

}  // namespace koshin
