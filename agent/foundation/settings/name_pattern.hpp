// SPDX-License-Identifier: MIT
// Regular expressions of the settings, matched in linear time (RE2): the names come from tokens and are
// untrusted.
#pragma once

#include <string>
#include <string_view>

namespace koshin {

/// RE2's error message for an invalid `pattern`; empty for a valid one. Constructs that need backtracking are
/// invalid: \1, (?=...), (?!...).
std::string pattern_trouble(const std::string& pattern);

/// Whether all of `text` (UTF-8) matches the pattern. An invalid pattern matches nothing.
bool fits_pattern(std::string_view text, const std::string& pattern);

}  // namespace koshin
