// SPDX-License-Identifier: MIT
// The words by which the values of an enum are written in settings and messages.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace koshin {

/// Specialised for an enum: an array of std::string_view with one word for each of its values, in their
/// order.
template <class Enum>
inline constexpr std::array<std::string_view, 0> words_of{};

template <class Enum>
constexpr std::string_view word(Enum value) {
  static_assert(!words_of<Enum>.empty(), "the enum has no words");
  return words_of<Enum>.at(static_cast<std::size_t>(value));
}

/// The value that the word stands for; empty for another word.
template <class Enum>
constexpr std::optional<Enum> value_of(std::string_view written) {
  const auto& words = words_of<Enum>;
  static_assert(!words_of<Enum>.empty(), "the enum has no words");
  const auto found = std::find(words.begin(), words.end(), written);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

}  // namespace koshin
