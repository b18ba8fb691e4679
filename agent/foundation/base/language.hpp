// SPDX-License-Identifier: MIT
// Which of the languages that koshin speaks is the person's, and what the environment says of the encoding of
// what is typed. One rule for the command line, the agent and the page.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/texts/languages.hpp"

namespace koshin {

/// How a language is called and recognised.
constexpr const LanguageRow& info(Language language) {
  return languages.at(static_cast<std::size_t>(language));
}
/// The language with that tag ("ja"); empty for any other text.
std::optional<Language> parse_language(std::string_view tag);
/// All tags with `between` between them: "en|ja".
std::string language_tags(std::string_view between);

/// Of LC_ALL, LC_MESSAGES, LANG, the first that is set: the language that it names, else English. Where none
/// is set, the first language of the system's own settings (Windows) that koshin speaks.
Language language_of_environment();
/// What comes by itself on the desktop speaks this one where nothing names a language.
inline constexpr Language language_of_desktop = Language::ja;
/// The same for what comes by itself on the desktop, the agent's message and the page: language_of_desktop
/// unless the environment names another language ("C" names none).
Language language_of_session();
/// Whether that locale's encoding is UTF-8.
bool environment_is_utf8();
/// The encoding that LC_ALL, LC_CTYPE or LANG names when it is another than UTF-8 ("SJIS"); empty when it is
/// UTF-8 or none is named, as in "C".
std::string foreign_encoding_of_locale();

}  // namespace koshin
