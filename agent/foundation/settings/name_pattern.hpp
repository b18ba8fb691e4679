// SPDX-License-Identifier: MIT
// Regular expressions of the settings, matched in a time that grows with the text alone (RE2): a pattern that
// an administrator has written meets names that somebody else has put on a token.
#pragma once

#include <string>
#include <string_view>

namespace koshin {

/// Why `pattern` is none that RE2 knows, in its words; empty when it is one. What would need to go back in
/// the text is refused: \1, (?=...), (?!...).
std::string pattern_trouble(const std::string& pattern);

/// Whether all of `text` (UTF-8) fits the pattern. Nothing fits one that pattern_trouble() tells of.
bool fits_pattern(std::string_view text, const std::string& pattern);

}  // namespace koshin
