// SPDX-License-Identifier: MIT
// Language and encoding by the locale's variables. setlocale() is not asked: a locale that is named and not
// installed says what the terminal does all the same.
#include "foundation/base/language.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "foundation/base/text.hpp"
#include "foundation/base/ui_locale.hpp"

namespace koshin {
namespace {

std::string_view locale_for(const char* category) {
  for (const char* name : {"LC_ALL", category, "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

/// "ja_JP.eucJP@modifier" → "eucJP"
std::string_view encoding_in(std::string_view locale) {
  const auto dot = locale.find('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view rest = locale.substr(dot + 1);
  return rest.substr(0, rest.find('@'));
}

bool is_utf8(std::string_view encoding) {
  std::string plain;
  for (const char c : encoding) {
    if (c >= 'A' && c <= 'Z') plain += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
  }
  return plain == "utf8";
}

/// "japanese.euc" begins as "japanese" does; "jam_JM" does not begin as "ja" does.
bool begins_as(std::string_view locale, std::string_view beginning) {
  if (!locale.starts_with(beginning)) return false;
  return locale.size() == beginning.size() ||
         std::string_view("_.@").find(locale[beginning.size()]) != std::string_view::npos;
}

bool names(std::string_view locale, std::string_view beginnings) {
  while (!beginnings.empty()) {
    const auto end = std::min(beginnings.find(' '), beginnings.size());
    if (end > 0 && begins_as(locale, beginnings.substr(0, end))) return true;
    beginnings.remove_prefix(std::min(end + 1, beginnings.size()));
  }
  return false;
}

std::optional<Language> language_named_by(std::string_view locale) {
  for (const LanguageRow& row : languages) {
    if (names(locale, row.locales)) return row.language;
  }
  return std::nullopt;
}

/// The first that koshin speaks; English where the person has chosen others. Empty where the system has no
/// such choice.
std::optional<Language> language_of_system() {
  const std::vector<std::string> locales = preferred_ui_locales();
  for (const std::string& locale : locales) {
    if (const auto language = language_named_by(locale)) return language;
  }
  return locales.empty() ? std::nullopt : std::optional(Language::en);
}

}  // namespace

std::optional<Language> parse_language(std::string_view tag) {
  for (const LanguageRow& row : languages) {
    if (row.tag == tag) return row.language;
  }
  return std::nullopt;
}

std::string language_tags(std::string_view between) {
  std::string tags;
  for (const LanguageRow& row : languages) {
    if (!tags.empty()) tags += between;
    tags += row.tag;
  }
  return tags;
}

Language language_of_environment() {
  const std::string_view locale = locale_for("LC_MESSAGES");
  if (locale.empty()) return language_of_system().value_or(Language::en);
  return language_named_by(locale).value_or(Language::en);
}

Language language_of_session() {
  const std::string_view locale = locale_for("LC_MESSAGES");
  if (locale.empty()) return language_of_system().value_or(language_of_desktop);
  const bool none = locale == "C" || locale == "POSIX" || locale.starts_with("C.");
  return none ? language_of_desktop : language_of_environment();
}

bool environment_is_utf8() {
  return is_utf8(encoding_in(locale_for("LC_MESSAGES")));
}

std::string foreign_encoding_of_locale() {
  const std::string_view encoding = encoding_in(locale_for("LC_CTYPE"));
  return is_utf8(encoding) ? std::string() : printable(encoding, 40);
}

}  // namespace koshin
