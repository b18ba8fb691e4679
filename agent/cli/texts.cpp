// SPDX-License-Identifier: MIT
// Values and widths of texts.
#include "cli/texts.hpp"

#include "foundation/base/text.hpp"

namespace koshin::cli {
namespace {

/// East Asian wide and full-width blocks (Unicode UAX #11, as far as Japanese, Chinese and Korean names need
/// it).
bool is_wide(char32_t code) {
  return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0x303E) ||
         (code >= 0x3041 && code <= 0xA4CF) || (code >= 0xAC00 && code <= 0xD7A3) ||
         (code >= 0xF900 && code <= 0xFAFF) || (code >= 0xFE30 && code <= 0xFE6F) ||
         (code >= 0xFF00 && code <= 0xFF60) || (code >= 0xFFE0 && code <= 0xFFE6) ||
         (code >= 0x20000 && code <= 0x3FFFD);
}

}  // namespace

std::string fill(std::string_view text, std::initializer_list<std::string_view> values) {
  return fill_places(text, {values.begin(), values.size()});
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) {
    const Utf8Character character = front_character(utf8);
    width += is_wide(character.code) ? 2 : 1;
    utf8.remove_prefix(character.length);
  }
  return width;
}

std::string padded(std::string_view utf8, std::size_t width) {
  std::string text(utf8);
  const std::size_t used = display_width(utf8);
  if (used < width) text.append(width - used, ' ');
  return text;
}

}  // namespace koshin::cli
