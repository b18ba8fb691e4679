// SPDX-License-Identifier: MIT
// What Windows' own tools read of koshin: policy templates (ADMX, ADML) made of the table of settings, and
// the sentences of the Event Log made of the table of events, the names of what is installed, in the
// languages of the catalogues.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "foundation/texts/languages.hpp"

namespace koshin::templates {

/// How Windows calls a language.
struct WindowsLanguage {
  Language language;
  std::string_view culture;  ///< folder of its ADML
  std::uint16_t identifier;  ///< LANGID
  std::string_view name;     ///< in message files
};
inline constexpr std::array windows_languages{
    WindowsLanguage{Language::en, "en-US", 0x0409, "English"},
    WindowsLanguage{Language::ja, "ja-JP", 0x0411, "Japanese"},
};
static_assert(windows_languages.size() == language_count, "a language without its name in Windows");

/// koshin.admx: a policy for each setting, in the order of the table.
std::string policy_definitions();
/// koshin.adml of one language.
std::string policy_words(Language language);
/// koshin-events.mc, in UTF-8; the message compiler reads it in UTF-16.
std::string event_messages();
/// koshin-names.rc, in UTF-8: what Windows shows of koshin in the language of each user. 1 the menu entry, 2
/// what it is for, 3 the task of the reminders.
std::string shown_names();

}  // namespace koshin::templates
