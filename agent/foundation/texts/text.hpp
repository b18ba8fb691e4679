// SPDX-License-Identifier: MIT
// A text of the catalogues, whatever the language. The texts are in the JSON files of this folder; the
// identifiers (texts::cli_not_set for "cli.not_set") are made of their keys, in one header for each area.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "foundation/texts/languages.hpp"

namespace koshin {

/// One text in every language.
using TextRow = std::array<std::string_view, language_count>;

/// A text for people: one that the catalogues do not have does not compile. Without any it is empty. "{0}" …
/// "{9}", or "{name}", are places for values.
class Text {
 public:
  constexpr Text() = default;
  /// For the headers that are made of the catalogues; elsewhere a text is named.
  constexpr explicit Text(const TextRow& row) : row_(&row) {}
  constexpr bool empty() const { return row_ == nullptr; }
  std::string_view in(Language language) const {
    return empty() ? std::string_view() : (*row_)[static_cast<std::size_t>(language)];
  }

 private:
  const TextRow* row_ = nullptr;
};

namespace texts {

/// A text and its key, without the name of its area.
struct NamedText {
  std::string_view key;
  Text text;
};

/// The text of a family whose keys are made of identifiers ("pin_required" + ".cause"); empty when there is
/// none.
constexpr Text find(std::span<const NamedText> area, std::string_view first, std::string_view second = {}) {
  for (const auto& [key, text] : area) {
    if (key.size() == first.size() + second.size() && key.starts_with(first) && key.ends_with(second))
      return text;
  }
  return {};
}

}  // namespace texts
}  // namespace koshin
