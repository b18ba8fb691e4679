// SPDX-License-Identifier: MIT
// Case conversion of protocol texts, independent of the locale. Internal to this module and its tests.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace koshin::enrollment {

inline std::string lower_ascii(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

}  // namespace koshin::enrollment
