// SPDX-License-Identifier: MIT
// The list of display languages in Windows' settings.
#include <windows.h>

#include "foundation/base/ui_locale.hpp"

namespace koshin {
namespace {

/// "ja-JP" → "ja_JP". Names of languages are ASCII.
std::string as_locale(const wchar_t* name) {
  std::string locale;
  for (; *name != L'\0'; ++name) locale += *name == L'-' ? '_' : static_cast<char>(*name & 0x7F);
  return locale;
}

}  // namespace

std::vector<std::string> preferred_ui_locales() {
  ULONG count = 0, size = 0;
  if (GetUserPreferredUILanguages(MUI_LANGUAGE_NAME, &count, nullptr, &size) == FALSE || size == 0) return {};
  std::wstring names(size, L'\0');
  if (GetUserPreferredUILanguages(MUI_LANGUAGE_NAME, &count, names.data(), &size) == FALSE) return {};
  std::vector<std::string> locales;
  for (const wchar_t* name = names.c_str(); *name != L'\0'; name += std::wstring_view(name).size() + 1)
    locales.push_back(as_locale(name));
  return locales;
}

}  // namespace koshin
