// SPDX-License-Identifier: MIT
// The message file of the Event Log, for the message compiler (mc, windmc).
#include <iomanip>
#include <sstream>
#include <stdexcept>

#include "foundation/log/log_events.hpp"
#include "foundation/texts/event.hpp"
#include "templates.hpp"

namespace koshin::templates {
namespace {

/// A sentence of the catalogue has no inserts: its percent signs are its own.
std::string literal(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '%') result += '%';
    result += c;
  }
  return result;
}

void write_message(std::ostream& out, std::string_view event, std::uint16_t number) {
  const Text text = texts::find(texts::all_event, event);
  if (text.empty()) throw std::runtime_error("the catalogues have no event." + std::string(event));
  out << "MessageId=" << number << "\nSymbolicName=KOSHIN_" << number << '\n';
  for (const WindowsLanguage& language : windows_languages)
    // %1 the message, %2 the program, %3 the fields: log_windows.cpp gives them.
    out << "Language=" << language.name << '\n'
        << literal(text.in(language.language)) << "%n%n%1%n%n%2%n%3\n.\n";
  out << '\n';
}

}  // namespace

std::string event_messages() {
  std::ostringstream out;
  // All of severity "success": the number alone is the identifier, and each entry has a level of its own.
  out << "MessageIdTypedef=DWORD\nSeverityNames=(Success=0x0:STATUS_SEVERITY_SUCCESS)\nLanguageNames=(";
  for (const WindowsLanguage& language : windows_languages)
    out << (&language == windows_languages.data() ? "" : "\n               ") << language.name << "=0x"
        << std::hex << language.identifier << ":MSG" << std::setw(5) << std::setfill('0')
        << language.identifier << std::dec;
  out << ")\n\n";
  write_message(out, "none", log::number_without_event);
  for (const log::EventInfo& row : log::event_table()) write_message(out, row.name, row.number);
  return out.str();
}

}  // namespace koshin::templates
