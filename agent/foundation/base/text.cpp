// SPDX-License-Identifier: MIT
// Small helpers for text and bytes.
#include "foundation/base/text.hpp"

#include <algorithm>
#include <array>

namespace koshin {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct Utf8Form {
  unsigned char mask, lead;
  std::size_t length;
  char32_t least;  // smaller values are overlong in this form
};
constexpr std::array<Utf8Form, 4> utf8_forms{{
    {0x80, 0x00, 1, 0x0},
    {0xE0, 0xC0, 2, 0x80},
    {0xF0, 0xE0, 3, 0x800},
    {0xF8, 0xF0, 4, 0x10000},
}};

/// Characters that control a terminal, change the reading direction or are invisible.
bool is_hostile(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;          // C0, DEL, C1
  if (c == 0x061C || (c >= 0x200B && c <= 0x200F)) return true;  // Arabic letter mark, zero width, LRM, RLM
  if (c >= 0x2028 && c <= 0x202E) return true;  // line and paragraph separators, embeddings, overrides
  if (c >= 0x2060 && c <= 0x206F) return true;  // invisible operators, isolates
  if (c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB)) return true;  // byte order mark, interlinear annotations
  return (c & 0xFFFE) == 0xFFFE || (c >= 0xE0000 && c <= 0xE007F);  // noncharacters, tags
}

}  // namespace

std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 0x0F];
  }
  return text;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string_view trimmed(std::string_view text, std::string_view blanks) noexcept {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

std::string_view without_byte_order_mark(std::string_view text) noexcept {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

bool equal_constant_time(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    difference = static_cast<unsigned char>(
        difference | (static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(right[i])));
  }
  return difference == 0;
}

Utf8Character front_character(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  const auto* const form = std::find_if(utf8_forms.begin(), utf8_forms.end(),
                                        [&](const Utf8Form& f) { return (lead & f.mask) == f.lead; });
  if (form == utf8_forms.end() || text.size() < form->length) return {.code = lead};
  auto code = static_cast<char32_t>(lead & static_cast<unsigned char>(~form->mask));
  for (std::size_t i = 1; i < form->length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return {.code = lead};
    code = (code << 6) | (byte & 0x3F);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < form->least || surrogate || code > 0x10FFFF) return {.code = lead};
  return {.code = code, .length = form->length, .valid = true};
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Character c = front_character(text.substr(i));
    if (!c.valid) return i;
    i += c.length;
  }
  return std::nullopt;
}

std::string fill_places(std::string_view text, std::span<const std::string_view> values) {
  std::string filled;
  filled.reserve(text.size() + 64);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool place = text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}' && text[i + 1] >= '0' &&
                       text[i + 1] <= '9';
    const auto index = place ? static_cast<std::size_t>(text[i + 1] - '0') : values.size();
    if (index >= values.size()) {
      filled.push_back(text[i]);
      continue;
    }
    filled.append(values[index]);
    i += 2;
  }
  return filled;
}

std::string fill_named_places(std::string_view text, std::span<const PlaceValue> values) {
  std::string result;
  for (;;) {
    const auto open = text.find('{');
    const auto close = text.find('}', std::min(open, text.size()));
    if (close == std::string_view::npos) return result.append(text);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const auto found = std::ranges::find(values, name, &PlaceValue::place);
    result += text.substr(0, open);
    result += found != values.end() ? std::string_view(found->value) : text.substr(open, close - open + 1);
    text.remove_prefix(close + 1);
  }
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::vector<std::size_t>> cost(left.size() + 1, std::vector<std::size_t>(right.size() + 1));
  for (std::size_t i = 0; i <= left.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= right.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = cost[i - 1][j - 1] + (left[i - 1] == right[j - 1] ? 0U : 1U);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[left.size()][right.size()];
}

std::string printable(std::string_view text, std::size_t limit) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
  std::string result;
  while (!text.empty()) {
    const Utf8Character c = front_character(text);
    std::string_view shown = text.substr(0, c.length);
    if (c.valid && (c.code == '\n' || c.code == '\r' || c.code == '\t')) {
      shown = " ";
    } else if (!c.valid || is_hostile(c.code)) {
      shown = replacement;
    }
    if (result.size() + shown.size() > limit) break;
    result += shown;
    text.remove_prefix(c.length);
  }
  return result;
}

}  // namespace koshin
