// SPDX-License-Identifier: MIT
// The user of a process by its token, its program and its session by its number.
#include "process_owner_windows.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <tlhelp32.h>

#include <array>
#include <cstddef>
#include <string>

#include "foundation/system/wide_text_windows.hpp"

namespace koshin {

namespace {

/// TOKEN_USER with the SID behind it.
using TokenUserSpace = std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE>;

struct ProcessUser {
  alignas(TOKEN_USER) TokenUserSpace space{};
  PSID sid() const { return reinterpret_cast<const TOKEN_USER*>(space.data())->User.Sid; }
};

/// False where the process does not let us see its token.
bool read_user(HANDLE process, ProcessUser& user) {
  HANDLE opened = nullptr;
  if (OpenProcessToken(process, TOKEN_QUERY, &opened) == 0) return false;
  const Handle token(opened);
  DWORD size = 0;
  return GetTokenInformation(token.get(), TokenUser, user.space.data(), static_cast<DWORD>(user.space.size()),
                             &size) != 0;
}

}  // namespace

bool belongs_to_this_user(NativeHandle process) {
  ProcessUser theirs, ours;
  return read_user(process, theirs) && read_user(GetCurrentProcess(), ours) &&
         EqualSid(theirs.sid(), ours.sid()) != FALSE;
}

Handle open_process(unsigned long number) {
  return Handle(OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, number));
}

std::filesystem::path program_of(NativeHandle process) {
  std::array<wchar_t, 32768> path{};
  auto size = static_cast<DWORD>(path.size());
  if (QueryFullProcessImageNameW(process, 0, path.data(), &size) == 0) return {};
  return std::wstring(path.data(), size);
}

std::vector<RunningProcess> running_processes() {
  std::vector<RunningProcess> found;
  HANDLE const made = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  if (made == INVALID_HANDLE_VALUE) return found;
  const Handle snapshot(made);
  PROCESSENTRY32W entry{};
  entry.dwSize = sizeof entry;
  for (BOOL more = Process32FirstW(made, &entry); more != 0; more = Process32NextW(made, &entry))
    found.push_back({entry.th32ProcessID, entry.szExeFile});
  return found;
}

unsigned long own_session() {
  DWORD session = 0;
  if (ProcessIdToSessionId(GetCurrentProcessId(), &session) == 0) throw_last_error("ProcessIdToSessionId");
  return session;
}

}  // namespace koshin
