// SPDX-License-Identifier: MIT
// A name that settings may give once for all languages, or in each language by itself.
#pragma once

#include <array>
#include <string>

#include "foundation/texts/languages.hpp"

namespace koshin {

struct NameByLanguage {
  std::string for_all;                            ///< where a language has none of its own
  std::array<std::string, language_count> own{};  ///< by Language

  std::string& of(Language language) { return own.at(static_cast<std::size_t>(language)); }
  const std::string& of(Language language) const { return own.at(static_cast<std::size_t>(language)); }
  /// The language's own name, else the one for all languages; empty where neither is set.
  const std::string& in(Language language) const { return of(language).empty() ? for_all : of(language); }
  /// The same; where neither is set, the name in another language, which tells a person more than nothing.
  const std::string& in_any(Language language) const {
    if (!in(language).empty()) return in(language);
    for (const std::string& name : own)
      if (!name.empty()) return name;
    return for_all;
  }
  bool empty() const { return in_any(Language{}).empty(); }
};

}  // namespace koshin
