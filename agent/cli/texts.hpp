// SPDX-License-Identifier: MIT
// Texts for people: each exists in both languages or does not compile.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "foundation/failures/failure.hpp"

namespace koshin::cli {

/// "{0}" … "{9}" are places for values.
struct Text {
  std::string_view english, japanese;
  constexpr Text(std::string_view in_english, std::string_view in_japanese)
      : english(in_english), japanese(in_japanese) {}
  constexpr std::string_view in(Language language) const {
    return language == Language::japanese ? japanese : english;
  }
};

/// fill_places() for values that stand in the code.
std::string fill(std::string_view text, std::initializer_list<std::string_view> values);

/// Columns that a text takes on a terminal: Japanese characters take two.
std::size_t display_width(std::string_view utf8);
/// The text, filled up with blanks to `width` columns.
std::string padded(std::string_view utf8, std::size_t width);

}  // namespace koshin::cli
