// SPDX-License-Identifier: MIT
// Small helpers for text and bytes that several programs need.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace koshin {

/// Lower case, two digits a byte.
std::string to_hex(std::span<const std::uint8_t> bytes);
/// Either case; empty optional for an odd length or anything that is no hexadecimal digit.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

/// Decodes "%41" (RFC 3986 section 2.1); empty optional for an incomplete or wrong escape.
std::optional<std::string> percent_decode(std::string_view text);

/// The text without any of `blanks` at its two ends.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n") noexcept;

/// "a, b, c"
std::string joined(const std::vector<std::string>& words, std::string_view between = ", ");

/// What some editors and Windows programs put in front of UTF-8 text.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
std::string_view without_byte_order_mark(std::string_view text) noexcept;

/// Compares in time that depends on the lengths only: for capabilities and one-time codes.
bool equal_constant_time(std::string_view left, std::string_view right) noexcept;

/// One character of UTF-8 text and where the next one begins.
struct Utf8Character {
  char32_t code = 0;
  std::size_t length = 1;  ///< bytes; 1 for an invalid byte
  bool valid = false;      ///< false for overlong forms, surrogates, values beyond U+10FFFF and stray bytes
};
/// The character at the front of `text`, which is not empty.
Utf8Character front_character(std::string_view text) noexcept;

/// Offset of the first byte that is not UTF-8; empty when all of it is.
std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

/// Puts values into the places "{0}" … "{9}" of a text. Values are not looked at again, so a "{0}" in a
/// token's label stays as it is.
std::string fill_places(std::string_view text, std::span<const std::string_view> values);

/// Edits (insert, remove, replace, swap neighbours) that turn one word into the other; for "did you mean".
std::size_t edit_distance(std::string_view left, std::string_view right);

/// Bytes of foreign text that a log line, a failure or a screen has room for.
inline constexpr std::size_t printable_limit = 2000;

/// Text from outside made fit for logs and screens: control and bidi characters and invalid UTF-8 replaced,
/// cut to `limit` bytes at a character boundary.
std::string printable(std::string_view text, std::size_t limit = printable_limit);

}  // namespace koshin
