// SPDX-License-Identifier: MIT
// Repeats only text that cannot be meant as a secret.
#include "foundation/base/option_name.hpp"

#include <algorithm>

namespace koshin {

std::string option_name(std::string_view word) {
  constexpr std::size_t longest = 24;
  const std::string_view name = word.substr(0, word.find('='));
  const auto dashes = std::min(name.find_first_not_of('-'), name.size());
  if (dashes == 0) return "…";
  // "-p1234" and "--pin1234" contain their value without a separator.
  const auto letters = std::min(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), name.size());
  if (dashes == 1 && name.size() > 2) return std::string(name.substr(0, 2)) + "…";
  if (letters < name.size() || name.size() > longest) return std::string(name.substr(0, dashes)) + "…";
  return std::string(name);
}

std::string refuse_empty_value(const std::string& value) {
  return std::string(value.empty() ? value_is_missing : std::string_view());
}

}  // namespace koshin
