// SPDX-License-Identifier: MIT
// A table of strings for the resource compiler, in each language.
#include <array>
#include <sstream>

#include "foundation/texts/desk.hpp"
#include "templates.hpp"

namespace koshin::templates {
namespace {

/// In the order of their numbers, from 1: what has them refers to them by these for ever.
constexpr std::array names{texts::desk_link, texts::desk_menu_entry, texts::desk_reminder_task};

/// A quote inside of a resource's text is written twice, a backslash too.
std::string resource_literal(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += c;
    result += c;
  }
  return result;
}

}  // namespace

std::string shown_names() {
  constexpr std::uint16_t primary = 0x3ff;  // PRIMARYLANGID of a LANGID; the rest is SUBLANGID
  std::ostringstream out;
  for (const WindowsLanguage& language : windows_languages) {
    out << "LANGUAGE " << (language.identifier & primary) << ", " << (language.identifier >> 10)
        << "\nSTRINGTABLE\nBEGIN\n";
    for (std::size_t i = 0; i < names.size(); ++i)
      out << "  " << i + 1 << " \"" << resource_literal(names.at(i).in(language.language)) << "\"\n";
    out << "END\n";
  }
  return out.str();
}

}  // namespace koshin::templates
