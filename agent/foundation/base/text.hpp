// SPDX-License-Identifier: MIT
// Helpers for text and bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace koshin {

/// Hexadecimal digits in lower case, two for each byte.
std::string to_hex(std::span<const std::uint8_t> bytes);
/// Decodes hexadecimal digits of either case; empty for an odd length or any other character.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

/// Decodes percent escapes such as "%41" (RFC 3986 section 2.1); empty for an invalid escape.
std::optional<std::string> percent_decode(std::string_view text);

/// The text without leading and trailing `blanks`.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n") noexcept;

/// "a, b, c"
std::string joined(const std::vector<std::string>& words, std::string_view between = ", ");

/// The byte order mark that some editors and Windows programs write before UTF-8 text.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
std::string_view without_byte_order_mark(std::string_view text) noexcept;

/// Comparison in time that depends on the lengths only, for capabilities and one-time codes.
bool equal_constant_time(std::string_view left, std::string_view right) noexcept;

/// One character of UTF-8 text and its length.
struct Utf8Character {
  char32_t code = 0;
  std::size_t length = 1;  ///< bytes; 1 for an invalid byte
  bool valid = false;      ///< false for overlong forms, surrogates, values beyond U+10FFFF and stray bytes
};
/// The first character of `text`, which must not be empty.
Utf8Character front_character(std::string_view text) noexcept;

/// Offset of the first byte that is not valid UTF-8; empty when there is none.
std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

/// Replaces "{0}" … "{9}" in a text by values. Values are not expanded again, so a "{0}" in a token's label
/// stays.
std::string fill_places(std::string_view text, std::span<const std::string_view> values);

/// What goes into the place "{name}" of a text.
struct PlaceValue {
  std::string_view place;
  std::string value;
};
/// The same for places with names; one that no value is for stays as it is.
std::string fill_named_places(std::string_view text, std::span<const PlaceValue> values);

/// Edits (insert, remove, replace, swap neighbours) that turn one word into the other; for "did you mean".
std::size_t edit_distance(std::string_view left, std::string_view right);

/// Limit in bytes for foreign text in a log line, a failure or on a screen.
inline constexpr std::size_t printable_limit = 2000;

/// Makes untrusted text safe for logs and screens: replaces control and bidi characters and invalid UTF-8,
/// and cuts at a character boundary to `limit` bytes.
std::string printable(std::string_view text, std::size_t limit = printable_limit);

}  // namespace koshin
