// SPDX-License-Identifier: MIT
// The languages that koshin speaks, and what the environment says of the person's language and of the
// encoding of what is typed. One rule for the command line, the agent and the page.
#pragma once

#include <string>
#include <string_view>

namespace koshin {

enum class Language { english, japanese };

/// A text for people: it exists in every language or does not compile; without any it is empty. "{0}" … "{9}"
/// are places for values.
struct Text {
  std::string_view english, japanese;
  constexpr Text() = default;
  constexpr Text(std::string_view in_english, std::string_view in_japanese)
      : english(in_english), japanese(in_japanese) {}
  constexpr std::string_view in(Language language) const {
    return language == Language::japanese ? japanese : english;
  }
};

/// Of LC_ALL, LC_MESSAGES, LANG, the first that is set: Japanese when it says so, else English.
Language language_of_environment();
/// The same for what comes by itself on the desktop, the agent's message and the page: Japanese unless the
/// environment names another language ("C" names none).
Language language_of_session();
/// Whether that locale's encoding is UTF-8.
bool environment_is_utf8();
/// The encoding that LC_ALL, LC_CTYPE or LANG names when it is another than UTF-8 ("SJIS"); empty when it is
/// UTF-8 or none is named, as in "C".
std::string foreign_encoding_of_locale();

}  // namespace koshin
