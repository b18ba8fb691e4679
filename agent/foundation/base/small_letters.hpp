// SPDX-License-Identifier: MIT
// Names in which capital letters and small ones are the same: those of ASCII alone, whatever the locale.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace koshin {

inline std::string small_letters(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

/// Whether two names of banks are one bank's: names in Windows' registry are of no case, and nobody would
/// tell two banks by it.
inline bool is_same_bank(std::string_view one, std::string_view other) {
  return small_letters(one) == small_letters(other);
}

}  // namespace koshin
