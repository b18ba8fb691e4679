// SPDX-License-Identifier: MIT
// koshin's entries among those of other programs, as ReadEventLog() gives them.
#include <windows.h>

#include <gmock/gmock.h>

#include <cstring>

#include "cli/support_event_log_windows.hpp"

namespace koshin::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

void append(std::vector<std::byte>& bytes, const void* from, std::size_t size) {
  const auto* const begin = static_cast<const std::byte*>(from);
  bytes.insert(bytes.end(), begin, begin + size);
}

void append_text(std::vector<std::byte>& bytes, const std::wstring& text) {
  append(bytes, text.c_str(), (text.size() + 1) * sizeof(wchar_t));
}

std::vector<std::byte> record(const std::wstring& source, WORD type,
                              const std::vector<std::wstring>& strings) {
  EVENTLOGRECORD head{};
  head.TimeGenerated = 1'795'996'800;  // 2026-11-30T00:00:00Z
  head.EventID = 0x400003EC;
  head.EventType = type;
  head.NumStrings = static_cast<WORD>(strings.size());
  std::vector<std::byte> bytes(sizeof head);
  append_text(bytes, source);
  append_text(bytes, L"COMPUTER");
  head.StringOffset = static_cast<DWORD>(bytes.size());
  for (const std::wstring& one : strings) append_text(bytes, one);
  while (bytes.size() % sizeof(DWORD) != 0) bytes.push_back(std::byte{});
  head.Length = static_cast<DWORD>(bytes.size() + sizeof(DWORD));
  append(bytes, &head.Length, sizeof head.Length);
  std::memcpy(bytes.data(), &head, sizeof head);
  return bytes;
}

std::vector<std::string> read(std::span<const std::byte> bytes) {
  std::vector<std::string> entries;
  add_own_entries(bytes, entries);
  return entries;
}

TEST(EventLog, OwnEntriesAreTakenWithTheirFieldsAndOthersAreNot) {
  auto bytes = record(L"Other", EVENTLOG_ERROR_TYPE, {L"not koshin's"});
  const auto own = record(
      L"koshin", EVENTLOG_WARNING_TYPE,
      {L"The token is gone \u629C", L"koshin-agent", L"MESSAGE_ID=ab\r\nKOSHIN_READER=Reader\x1b[31m 0\r\n"});
  append(bytes, own.data(), own.size());
  EXPECT_THAT(read(bytes),
              ElementsAre("2026-11-30T00:00:00Z warning 1004 koshin-agent: The token is gone \xE6\x8A\x9C\n"
                          "    MESSAGE_ID=ab\n    KOSHIN_READER=Reader\xEF\xBF\xBD[31m 0\n"));
}

TEST(EventLog, ARecordThatIsCutOffEndsTheReading) {
  const auto own = record(L"koshin", EVENTLOG_INFORMATION_TYPE, {L"one", L"koshin", L""});
  auto bytes = own;
  append(bytes, own.data(), own.size() - 1);
  EXPECT_EQ(read(bytes).size(), 1U);
  DWORD length = 0;
  std::memcpy(bytes.data(), &length, sizeof length);
  EXPECT_THAT(read(bytes), IsEmpty()) << "a length of 0 would be read for ever";
}

TEST(EventLog, StringsThatLeadOutOfTheRecordAreLeftOut) {
  auto bytes = record(L"koshin", EVENTLOG_ERROR_TYPE, {L"one"});
  EVENTLOGRECORD head{};
  std::memcpy(&head, bytes.data(), sizeof head);
  head.StringOffset = 0xFFFFFFF0U;
  head.NumStrings = 0xFFFF;
  std::memcpy(bytes.data(), &head, sizeof head);
  EXPECT_THAT(read(bytes), ElementsAre("2026-11-30T00:00:00Z error 1004 : \n"));
}

}  // namespace
}  // namespace koshin::cli
