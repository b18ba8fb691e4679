// SPDX-License-Identifier: MIT
// Detection of a secret in the forms of debug output.
#include "foundation/secrets/redaction.hpp"

#include <algorithm>
#include <array>

namespace koshin {
namespace {

/// Separators between two bytes of a dump; longer ones first.
constexpr std::array<std::string_view, 10> separators{", 0x", ",0x", " 0x", "0x", "\\x",
                                                      ", ",   "  ",  " ",   ":",  "-"};

/// Shorter pieces of a secret occur in any text.
constexpr std::size_t shortest_piece = 4;

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Removes two hexadecimal digits of this byte from the front.
bool take_byte(std::string_view& text, char byte) noexcept {
  if (text.size() < 2) return false;
  const auto value = static_cast<unsigned char>(byte);
  if (digit_of(text[0]) != value >> 4 || digit_of(text[1]) != (value & 0x0F)) return false;
  text.remove_prefix(2);
  return true;
}

bool take_next_byte(std::string_view& text, char byte) noexcept {
  if (take_byte(text, byte)) return true;
  for (const std::string_view separator : separators) {
    std::string_view rest = text;
    if (!rest.starts_with(separator)) continue;
    rest.remove_prefix(separator.size());
    if (!take_byte(rest, byte)) continue;
    text = rest;
    return true;
  }
  return false;
}

bool begins_with_digits(std::string_view text, std::string_view secret) noexcept {
  if (!take_byte(text, secret.front())) return false;
  return std::all_of(secret.begin() + 1, secret.end(), [&](char c) { return take_next_byte(text, c); });
}

bool begins_with_wide(std::string_view text, std::string_view secret) noexcept {
  if (text.size() < 2 * secret.size() - 1) return false;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    if (text[2 * i] != secret[i]) return false;
    if (i + 1 < secret.size() && text[2 * i + 1] != '\0') return false;
  }
  return true;
}

bool holds_piece(std::string_view line, std::string_view secret) noexcept {
  if (line.find(secret) != std::string_view::npos) return true;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const std::string_view rest = line.substr(at);
    if (begins_with_digits(rest, secret) || begins_with_wide(rest, secret)) return true;
  }
  return false;
}

/// A single character occurs in any text, so it counts only as hexadecimal digits.
bool holds_part(std::string_view line, std::string_view part) noexcept {
  if (part.size() > 1) return holds_piece(line, part);
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (begins_with_digits(line.substr(at), part)) return true;
  }
  return false;
}

/// Tests every split: rows of a dump end at a fixed column, not at the end of the secret.
bool hold_together(std::string_view line, std::string_view next, std::span<const char> secret) noexcept {
  const std::string_view whole(secret.data(), secret.size());
  for (std::size_t at = 1; at < whole.size(); ++at) {
    if (holds_part(line, whole.substr(0, at)) && holds_part(next, whole.substr(at))) return true;
  }
  return false;
}

}  // namespace

bool holds_secret(std::string_view line, std::span<const char> secret) noexcept {
  const std::string_view whole(secret.data(), secret.size());
  if (whole.empty()) return false;
  if (holds_piece(line, whole)) return true;
  for (const std::size_t width : {std::size_t{16}, std::size_t{8}}) {
    if (whole.size() <= width) continue;
    for (std::size_t at = 0; at < whole.size(); at += width) {
      const std::string_view piece = whole.substr(at, width);
      if (piece.size() >= shortest_piece && holds_piece(line, piece)) return true;
    }
  }
  return false;
}

bool LineRedaction::may_show(std::string_view line, std::string_view next) noexcept {
  const bool holds = std::any_of(secrets_.begin(), secrets_.end(),
                                 [&](std::span<const char> secret) { return holds_secret(line, secret); });
  const bool begins = std::any_of(secrets_.begin(), secrets_.end(), [&](std::span<const char> secret) {
    return hold_together(line, next, secret);
  });
  const bool shown = !holds && !begins && !held_before_;
  held_before_ = holds || begins;
  return shown;
}

}  // namespace koshin
