// SPDX-License-Identifier: MIT
// Language and encoding by the locale's variables. setlocale() is not asked: a locale that is named and not
// installed says what the terminal does all the same.
#include "foundation/base/language.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "foundation/base/text.hpp"

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

}  // namespace

Language language_of_environment() {
  return locale_for("LC_MESSAGES").starts_with("ja") ? Language::japanese : Language::english;
}

Language language_of_session() {
  const std::string_view locale = locale_for("LC_MESSAGES");
  const bool none = locale.empty() || locale == "C" || locale == "POSIX" || locale.starts_with("C.");
  return none ? Language::japanese : language_of_environment();
}

bool environment_is_utf8() {
  return is_utf8(encoding_in(locale_for("LC_MESSAGES")));
}

std::string foreign_encoding_of_locale() {
  const std::string_view encoding = encoding_in(locale_for("LC_CTYPE"));
  return is_utf8(encoding) ? std::string() : printable(encoding, 40);
}

}  // namespace koshin
