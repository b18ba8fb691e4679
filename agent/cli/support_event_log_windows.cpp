// SPDX-License-Identifier: MIT
// ReadEventLog, newest first. The sentences of koshin-events.dll are not asked for: what an entry says is in
// its own strings (foundation/log/log_windows.cpp).
#include "cli/support_event_log_windows.hpp"

#include <windows.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <string_view>
#include <system_error>

#include "foundation/base/clock.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::cli {
namespace {

constexpr std::size_t most_entries = 1000, most_text = 256UL * 1024;
/// Records of all programs that are looked through.
constexpr std::size_t most_records = 100'000;
constexpr std::size_t longest_entry_line = 2000;

struct EventLogCloser {
  void operator()(void* log) const { ::CloseEventLog(log); }
};

/// The text that begins there, up to its zero or the record's end; moves `at` behind it.
std::wstring text_at(std::span<const std::byte> record, std::size_t& at) {
  std::wstring text;
  for (wchar_t unit = 0; at + sizeof unit <= record.size();) {
    std::memcpy(&unit, record.data() + at, sizeof unit);
    at += sizeof unit;
    if (unit == L'\0') break;
    text += unit;
  }
  return text;
}

const char* level_of(WORD type) {
  if (type == EVENTLOG_ERROR_TYPE) return "error";
  return type == EVENTLOG_WARNING_TYPE ? "warning" : "information";
}

std::string line_of(std::string_view text) {
  return printable(trimmed(text), longest_entry_line);
}

/// `strings`: message, program, and further fields in lines.
std::string entry_text(const EVENTLOGRECORD& head, const std::vector<std::string>& strings) {
  const auto string = [&](std::size_t i) { return i < strings.size() ? strings[i] : std::string(); };
  // The higher half says of what severity the number is.
  std::string text = to_rfc3339(TimePoint(std::chrono::seconds(head.TimeGenerated))) + " " +
                     level_of(head.EventType) + " " + std::to_string(head.EventID & 0xFFFFU) + " " +
                     line_of(string(1)) + ": " + line_of(string(0)) + "\n";
  const std::string more = string(2);
  for (std::size_t at = 0; at < more.size();) {
    const std::size_t end = std::min(more.find('\n', at), more.size());
    if (const std::string line = line_of(std::string_view(more).substr(at, end - at)); !line.empty())
      text += "    " + line + "\n";
    at = end + 1;
  }
  return text;
}

/// Of one record; empty where it is another program's.
std::string own_entry(std::span<const std::byte> record) {
  EVENTLOGRECORD head{};
  std::memcpy(&head, record.data(), sizeof head);
  std::size_t at = sizeof head;
  if (text_at(record, at) != L"koshin") return {};
  std::vector<std::string> strings;
  at = head.StringOffset;
  for (WORD i = 0; i < head.NumStrings && at < record.size(); ++i)
    strings.push_back(narrow(text_at(record, at)));
  return entry_text(head, strings);
}

std::string why(DWORD error) {
  return "(" + std::system_category().message(static_cast<int>(error)) + ")\n";
}

/// False at the end of the log, and where it cannot be read further: then with the reason in `error`.
bool read_more(void* log, std::vector<std::byte>& buffer, DWORD& size, DWORD& error) {
  constexpr DWORD how = EVENTLOG_SEQUENTIAL_READ | EVENTLOG_BACKWARDS_READ;
  DWORD needed = 0;
  while (::ReadEventLogW(log, how, 0, buffer.data(), static_cast<DWORD>(buffer.size()), &size, &needed) ==
         0) {
    constexpr DWORD largest_record = 0x7ffff;  // what ReadEventLog says of itself
    error = ::GetLastError();
    if (error != ERROR_INSUFFICIENT_BUFFER || needed <= buffer.size() || needed > largest_record)
      return false;
    buffer.resize(needed);
  }
  error = ERROR_SUCCESS;
  return size != 0;
}

std::string oldest_first(const std::vector<std::string>& newest_first) {
  std::size_t count = 0, size = 0;
  while (count < newest_first.size() && count < most_entries &&
         size + newest_first[count].size() <= most_text)
    size += newest_first[count++].size();
  std::string text;
  while (count != 0) text += newest_first[--count];
  return text;
}

}  // namespace

std::size_t add_own_entries(std::span<const std::byte> records, std::vector<std::string>& entries) {
  std::size_t count = 0;
  while (!records.empty()) {
    ++count;
    if (records.size() < sizeof(EVENTLOGRECORD)) break;
    DWORD length = 0;
    std::memcpy(&length, records.data(), sizeof length);
    if (length < sizeof(EVENTLOGRECORD) || length > records.size()) break;
    if (std::string entry = own_entry(records.first(length)); !entry.empty())
      entries.push_back(std::move(entry));
    records = records.subspan(length);
  }
  return count;
}

std::string own_event_log() {
  const std::unique_ptr<void, EventLogCloser> log(::OpenEventLogW(nullptr, L"Application"));
  if (!log) return why(::GetLastError());
  std::vector<std::byte> buffer(64UL * 1024);
  std::vector<std::string> entries;
  DWORD size = 0, error = ERROR_SUCCESS;
  for (std::size_t records = 0; records < most_records && entries.size() < most_entries &&
                                read_more(log.get(), buffer, size, error);) {
    const auto some = std::span<const std::byte>(buffer).first(std::min<std::size_t>(size, buffer.size()));
    records += add_own_entries(some, entries);
  }
  std::string text = oldest_first(entries);
  if (error != ERROR_SUCCESS && error != ERROR_HANDLE_EOF) text += why(error);
  return text.empty() ? "(the log \"Application\" has no entries of koshin)\n" : text;
}

}  // namespace koshin::cli
