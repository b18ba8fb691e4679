// SPDX-License-Identifier: MIT
// The agent: by the lock that it holds, the program that it runs, and what starts it when somebody logs in.
#include <windows.h>

#include <array>
#include <filesystem>
#include <optional>

#include "desk_check/checks.hpp"
#include "foundation/system/file_lock.hpp"
#include "foundation/system/file_version_windows.hpp"
#include "foundation/system/handle.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/process_owner_windows.hpp"
#include "foundation/system/program_watch_windows.hpp"
#include "foundation/system/session_lock.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

constexpr wchar_t agent_name[] = L"koshin-agent.exe";
// The installer's entry (packaging/windows/installer/make_wxs.py), and where Windows keeps whether it counts.
constexpr wchar_t run_key[] = L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run";
constexpr wchar_t approved_key[] =
    L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\StartupApproved\\Run";
constexpr wchar_t entry_name[] = L"koshin";

struct RunningAgent {
  DWORD process = 0;
  fs::path program;  ///< empty where the system does not tell
  FILETIME begun{};
};

RunningAgent look_at(DWORD process) {
  RunningAgent agent{.process = process, .program = {}};
  const Handle opened = open_process(process);
  if (!opened) return agent;
  agent.program = program_of(opened.get());
  FILETIME ended{}, in_kernel{}, in_user{};
  GetProcessTimes(opened.get(), &agent.begun, &ended, &in_kernel, &in_user);
  return agent;
}

/// The agent of this session: a second one of a session leaves at once.
std::optional<RunningAgent> agent_of_this_session() {
  const DWORD here = own_session();
  for (const RunningProcess& process : running_processes()) {
    DWORD session = 0;
    if (CompareStringOrdinal(process.name.c_str(), -1, agent_name, -1, TRUE) == CSTR_EQUAL &&
        ProcessIdToSessionId(process.number, &session) != 0 && session == here)
      return look_at(process.number);
  }
  return {};
}

/// Whether the file has come to its place after the process began. A file that takes a removed one's place
/// within seconds may have that one's time: then this is false.
bool came_after(const fs::path& file, const FILETIME& begun) {
  WIN32_FILE_ATTRIBUTE_DATA data{};
  return (begun.dwLowDateTime != 0 || begun.dwHighDateTime != 0) &&
         GetFileAttributesExW(file.c_str(), GetFileExInfoStandard, &data) != 0 &&
         CompareFileTime(&data.ftCreationTime, &begun) > 0;
}

/// The entry's command line; empty where there is none.
std::wstring start_entry(HKEY root) {
  std::array<wchar_t, 2048> text{};
  auto bytes = static_cast<DWORD>(sizeof text);
  return RegGetValueW(root, run_key, entry_name, RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, nullptr, text.data(),
                      &bytes) == ERROR_SUCCESS
             ? std::wstring(text.data())
             : std::wstring();
}

/// Whether a person or an administrator has switched the entry off in Settings or in the Task Manager: the
/// first byte of what Windows keeps of it is odd then. (Microsoft describes it nowhere; seen by many.)
bool is_switched_off(HKEY root) {
  std::array<BYTE, 64> data{};
  auto bytes = static_cast<DWORD>(data.size());
  return RegGetValueW(root, approved_key, entry_name, RRF_RT_REG_BINARY | RRF_SUBKEY_WOW6464KEY, nullptr,
                      data.data(), &bytes) == ERROR_SUCCESS &&
         bytes > 0 && (data.front() & 1U) != 0;
}

}  // namespace

void check_agent(Report& report, Readers /*readers*/) {
  const auto holder = FileLock::held_by(paths::session_lock_file());
  if (!holder) return report.add(DeskSubject::agent, Status::warning, DeskFinding::windows_agent_absent);
  const auto agent = agent_of_this_session();
  const std::string process = std::to_string(agent ? static_cast<long>(agent->process) : holder->process);
  const fs::path installed = paths::program("koshin-agent");
  if (agent && !agent->program.empty()) {
    const std::string running_version = version_of_file(agent->program), version = version_of_file(installed);
    if (!running_version.empty() && !version.empty() && running_version != version)
      return report.add(DeskSubject::agent, Status::warning, DeskFinding::windows_agent_other_version,
                        {process, running_version, narrow(agent->program.wstring()), version});
    // Where programs are small and one library holds their code, that is replaced too.
    if (came_after(installed, agent->begun) || came_after(file_of_this_code(), agent->begun))
      return report.add(DeskSubject::agent, Status::warning, DeskFinding::windows_agent_outdated, {process});
  }
  report.add(DeskSubject::agent, Status::ok, DeskFinding::agent_runs, {process});
}

void check_agent_unit(Report& report) {
  const std::wstring of_all = start_entry(HKEY_LOCAL_MACHINE);
  const std::wstring command = of_all.empty() ? start_entry(HKEY_CURRENT_USER) : of_all;
  if (command.empty())
    return report.add(DeskSubject::agent_unit, Status::warning, DeskFinding::windows_start_missing);
  if (is_switched_off(HKEY_LOCAL_MACHINE) || is_switched_off(HKEY_CURRENT_USER))
    return report.add(DeskSubject::agent_unit, Status::warning, DeskFinding::windows_start_switched_off);
  report.add(DeskSubject::agent_unit, Status::ok, DeskFinding::windows_start_registered, {narrow(command)});
}

}  // namespace koshin::desk_check
