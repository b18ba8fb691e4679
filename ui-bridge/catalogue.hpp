// SPDX-License-Identifier: MIT
// The texts of desktop messages, mail and terminal: the same catalogues the page uses, one for each language.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "foundation/failures/failure.hpp"

namespace koshin::ui {

class Catalogue {
 public:
  explicit Catalogue(Language language);
  /// The text with each {name} replaced. Throws FailureError{internal_error} for a key that the catalogue
  /// lacks.
  std::string text(std::string_view key, const std::map<std::string, std::string>& values = {}) const;
  /// A number of days as text: `kind` is "left" or "ago"; one day and less than one day have texts of their
  /// own.
  std::string days(std::string_view kind, long count) const;
  Language language() const { return language_; }

 private:
  Language language_;
  std::map<std::string, std::string, std::less<>> texts_;
};

/// "ja" or "en" when given, else language_of_session().
Language choose_language(std::string_view wanted);
std::string_view language_tag(Language language);

}  // namespace koshin::ui
