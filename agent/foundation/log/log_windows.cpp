// SPDX-License-Identifier: MIT
// The Event Log: the log "Application", source "koshin". Programs without a terminal write there: they have
// no standard error, or one that is the null device. The sentences of the events are in koshin-events.dll,
// which the installer registers.
#include <windows.h>

#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/log/log_events.hpp"
#include "foundation/log/log_sink.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::log {
namespace {

/// ReportEventW refuses longer strings (31,839 characters), and an entry with them is lost.
constexpr std::size_t longest_string = 31000;

/// A file, a pipe or a console takes entries; the null device and nothing at all do not.
bool leads_somewhere(HANDLE handle) {
  if (handle == nullptr || handle == INVALID_HANDLE_VALUE) return false;
  const DWORD type = GetFileType(handle);
  DWORD mode = 0;
  if (type == FILE_TYPE_CHAR) return GetConsoleMode(handle, &mode) != 0;
  return type == FILE_TYPE_DISK || type == FILE_TYPE_PIPE;
}

std::wstring bounded(std::string_view text) {
  std::wstring result = wide(text);
  if (result.size() > longest_string) result.resize(longest_string);
  return result;
}

/// The parts of an entry, from its fields.
struct Entry {
  std::string message, program, more;
  WORD type = EVENTLOG_INFORMATION_TYPE;
  std::uint16_t number = number_without_event;
};

WORD type_of(std::string_view priority) {
  int number = 7;
  std::from_chars(priority.data(), priority.data() + priority.size(), number);
  if (number <= 3) return EVENTLOG_ERROR_TYPE;
  return number == 4 ? EVENTLOG_WARNING_TYPE : EVENTLOG_INFORMATION_TYPE;
}

Entry entry_of(std::span<const std::string> fields) {
  Entry entry;
  for (const std::string_view field : fields) {
    const auto equals = field.find('=');
    const std::string_view name = field.substr(0, equals), value = field.substr(equals + 1);
    if (name == "MESSAGE") {
      entry.message = value;
    } else if (name == "SYSLOG_IDENTIFIER") {
      entry.program = value;
    } else if (name == "PRIORITY") {
      entry.type = type_of(value);
    } else {
      if (name == "KOSHIN_EVENT") entry.number = event_number(value);
      entry.more += std::string(field) + "\r\n";
    }
  }
  return entry;
}

/// One for the process; the system closes it.
HANDLE source() {
  static const HANDLE the_source = RegisterEventSourceW(nullptr, L"koshin");
  return the_source;
}

}  // namespace

bool send_to_system_log(std::span<const std::string> fields) {
  if (leads_somewhere(log_handle()) || source() == nullptr) return false;
  const Entry entry = entry_of(fields);
  // %1 to %3 of every message in koshin-events.dll.
  const std::array texts{bounded(entry.message), bounded(entry.program), bounded(entry.more)};
  std::array<const wchar_t*, texts.size()> strings{};
  for (std::size_t i = 0; i < texts.size(); ++i) strings.at(i) = texts.at(i).c_str();
  return ReportEventW(source(), entry.type, 0, entry.number, nullptr, static_cast<WORD>(strings.size()), 0,
                      strings.data(), nullptr) != 0;
}

}  // namespace koshin::log
