// SPDX-License-Identifier: MIT
// A job that this process puts itself into: all that it starts belongs to it, and the system ends them when
// this process, which alone holds the job, has ended in whatever way.
#include "foundation/system/process_tree.hpp"

#include <windows.h>

#include <tlhelp32.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "foundation/system/handle.hpp"

namespace koshin::process_tree {
namespace {

constexpr UINT ended_from_outside = 0xC000013A;  // STATUS_CONTROL_C_EXIT
constexpr std::size_t most_at_once = 256;
constexpr int most_rounds = 50;
constexpr DWORD round_pause_ms = 5;

/// Never closed: the system does that at the process's end.
HANDLE own_job = nullptr;

void end_one(DWORD process) noexcept {
  const Handle opened(::OpenProcess(PROCESS_TERMINATE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, process));
  BOOL inside = FALSE;
  // Its number may be another's by now.
  if (opened && ::IsProcessInJob(opened.get(), own_job, &inside) != 0 && inside != FALSE)
    ::TerminateProcess(opened.get(), ended_from_outside);
}

/// False when this process is alone in its job.
bool end_those_in_job() noexcept {
  struct {
    DWORD assigned, count;
    std::array<ULONG_PTR, most_at_once> processes;
  } list{};
  static_assert(offsetof(JOBOBJECT_BASIC_PROCESS_ID_LIST, ProcessIdList) == 8);
  if (::QueryInformationJobObject(own_job, JobObjectBasicProcessIdList, &list, sizeof list, nullptr) == 0 &&
      ::GetLastError() != ERROR_MORE_DATA)
    return false;
  bool others = false;
  const std::size_t count = std::min<std::size_t>(list.count, most_at_once);
  for (std::size_t i = 0; i < count; ++i) {
    const auto process = static_cast<DWORD>(list.processes.at(i));
    if (process == ::GetCurrentProcessId()) continue;
    others = true;
    end_one(process);
  }
  return others;
}

ULONGLONG start_of(const Handle& process) noexcept {
  FILETIME created{}, ignored{};
  ::GetProcessTimes(process.get(), &created, &ignored, &ignored, &ignored);
  return (static_cast<ULONGLONG>(created.dwHighDateTime) << 32U) | created.dwLowDateTime;
}

}  // namespace

void adopt_orphans() noexcept {
  if (own_job != nullptr) return;
  HANDLE const job = ::CreateJobObjectW(nullptr, nullptr);
  if (job == nullptr) return;
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  if (::SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits) != 0 &&
      ::AssignProcessToJobObject(job, ::GetCurrentProcess()) != 0)
    own_job = job;
  else
    ::CloseHandle(job);
}

void end_children() noexcept {
  if (own_job == nullptr) return;
  for (int round = 0; round < most_rounds && end_those_in_job(); ++round) ::Sleep(round_pause_ms);
}

void end_process(int exit_code) noexcept {
  end_children();
  ::TerminateProcess(::GetCurrentProcess(), static_cast<UINT>(exit_code));
  __builtin_unreachable();  // a process that ends itself does not come back
}

void end_descendants_of(int process) noexcept {
  const Handle parent(::OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, static_cast<DWORD>(process)));
  HANDLE const made = ::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  if (!parent || made == INVALID_HANDLE_VALUE) return;
  const Handle snapshot(made);
  PROCESSENTRY32W entry{};
  entry.dwSize = sizeof entry;
  for (BOOL more = ::Process32FirstW(snapshot.get(), &entry); more != 0;
       more = ::Process32NextW(snapshot.get(), &entry)) {
    if (entry.th32ParentProcessID != static_cast<DWORD>(process)) continue;
    const Handle child(
        ::OpenProcess(PROCESS_TERMINATE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, entry.th32ProcessID));
    // An older process has a parent of the same number that has ended.
    if (!child || start_of(child) < start_of(parent)) continue;
    end_descendants_of(static_cast<int>(entry.th32ProcessID));
    ::TerminateProcess(child.get(), ended_from_outside);
  }
}

}  // namespace koshin::process_tree
