// SPDX-License-Identifier: MIT
#include "installed_programs_windows.hpp"

#include <windows.h>

#include <userenv.h>
#include <wtsapi32.h>

#include <algorithm>
#include <cwctype>
#include <string_view>
#include <vector>

#include "foundation/system/handle.hpp"
#include "foundation/system/process_owner_windows.hpp"

namespace koshin::setup {
namespace {

constexpr DWORD patience = 60'000;      // milliseconds for a job at a token
constexpr DWORD after_the_end = 5'000;  // until the system has let go of an ended process

struct RunningProgram {
  Handle process;
  std::wstring name;
};

bool begins_with(const std::wstring& text, const std::wstring& beginning) {
  return text.size() > beginning.size() &&
         CompareStringOrdinal(text.data(), static_cast<int>(beginning.size()), beginning.data(),
                              static_cast<int>(beginning.size()), TRUE) == CSTR_EQUAL;
}

std::vector<RunningProgram> programs_below(const std::wstring& folder) {
  std::vector<RunningProgram> found;
  for (RunningProcess& running : running_processes()) {
    Handle process(OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_TERMINATE | SYNCHRONIZE, FALSE,
                               running.number));
    if (process && begins_with(program_of(process.get()).native(), folder))
      found.push_back({std::move(process), std::move(running.name)});
  }
  return found;
}

bool is_called(const RunningProgram& program, const wchar_t* name) {
  return CompareStringOrdinal(program.name.c_str(), -1, name, -1, TRUE) == CSTR_EQUAL;
}

void end(const RunningProgram& program) {
  TerminateProcess(program.process.get(), 1);
  WaitForSingleObject(program.process.get(), after_the_end);
}

/// Lets workers end what they do at a token, those included that begin meanwhile. Nothing else is ended
/// before: the agent's and the page's workers end with these, in the middle of a renewal.
void wait_for_workers(const std::wstring& folder) {
  const ULONGLONG deadline = GetTickCount64() + patience;
  for (;;) {
    const std::vector<RunningProgram> programs = programs_below(folder);
    const auto worker = std::ranges::find_if(
        programs, [](const RunningProgram& one) { return is_called(one, L"koshin-worker.exe"); });
    const ULONGLONG now = GetTickCount64();
    if (worker == programs.end() || now >= deadline) return;
    if (WaitForSingleObject(worker->process.get(), static_cast<DWORD>(deadline - now)) != WAIT_OBJECT_0)
      return;
  }
}

void start_as(HANDLE user, const std::wstring& program) {
  void* environment = nullptr;
  CreateEnvironmentBlock(&environment, user, FALSE);
  std::wstring command = L'"' + program + L'"';
  wchar_t desktop[] = L"winsta0\\default";
  STARTUPINFOW start{};
  start.cb = sizeof start;
  start.lpDesktop = desktop;
  PROCESS_INFORMATION made{};
  if (CreateProcessAsUserW(user, program.c_str(), command.data(), nullptr, nullptr, FALSE,
                           CREATE_UNICODE_ENVIRONMENT | DETACHED_PROCESS, environment, nullptr, &start,
                           &made) != 0) {
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
  }
  if (environment != nullptr) DestroyEnvironmentBlock(environment);
}

}  // namespace

std::size_t stop_programs_below(const std::wstring& folder) {
  if (folder.size() < 4) return 0;  // "C:\": no folder of an installation
  const std::size_t running = programs_below(folder).size();
  wait_for_workers(folder);
  // The agents first: they start things, which end with them.
  for (const RunningProgram& program : programs_below(folder))
    if (is_called(program, L"koshin-agent.exe")) end(program);
  for (const RunningProgram& program : programs_below(folder)) end(program);
  return running;
}

std::size_t start_in_sessions(const std::wstring& program) {
  if (GetFileAttributesW(program.c_str()) == INVALID_FILE_ATTRIBUTES) return 0;
  WTS_SESSION_INFOW* sessions = nullptr;
  DWORD count = 0;
  if (WTSEnumerateSessionsW(WTS_CURRENT_SERVER_HANDLE, 0, 1, &sessions, &count) == 0) return 0;
  std::size_t started = 0;
  for (DWORD i = 0; i < count; ++i) {
    HANDLE token = nullptr;
    const bool is_used = sessions[i].State == WTSActive || sessions[i].State == WTSDisconnected;
    if (!is_used || WTSQueryUserToken(sessions[i].SessionId, &token) == 0) continue;
    const Handle user(token);
    start_as(user.get(), program);
    ++started;
  }
  WTSFreeMemory(sessions);
  return started;
}

}  // namespace koshin::setup
