// SPDX-License-Identifier: MIT
// The agent, by the lock that it holds and the program that it runs; what systemd starts by itself.
#include <filesystem>

#include "desk_check/checks.hpp"
#include "desk_check/user_bus.hpp"
#include "foundation/system/file_lock.hpp"
#include "foundation/system/session_lock.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

/// Whether the file of the process's program has been replaced or removed since the process began. False
/// where it cannot be seen.
bool program_was_replaced(long process) {
  constexpr std::string_view mark = " (deleted)";  // proc(5)
  std::error_code error;
  const std::string program = fs::read_symlink("/proc/" + std::to_string(process) + "/exe", error).string();
  return !error && program.ends_with(mark);
}

struct UnitFindings {
  DeskSubject subject;
  DeskFinding enabled, not_enabled;
};

/// Whether this user's service manager starts a unit by itself.
void check_unit(Report& report, const char* unit, const UnitFindings& findings) {
  const auto state = within<BusAnswer>(service_limit, [unit] { return unit_file_state(unit); });
  const auto add = [&](Status status, DeskFinding finding, const std::string& value) {
    report.add(findings.subject, status, finding, {value});
  };
  if (!state) return add(Status::skipped, DeskFinding::unit_unknown, "no answer");
  if (state->text.empty() && !state->service_answered)
    return add(Status::skipped, DeskFinding::unit_unknown, state->error);
  if (state->text.starts_with("enabled") || state->text == "static")
    return add(Status::ok, findings.enabled, state->text);
  add(Status::warning, findings.not_enabled, state->text.empty() ? state->error : state->text);
}

}  // namespace

void check_agent(Report& report, Readers readers) {
  const auto holder = FileLock::held_by(paths::session_lock_file());
  if (!holder && readers == Readers::none)
    return report.add(DeskSubject::agent, Status::ok, DeskFinding::agent_waits);
  if (!holder) return report.add(DeskSubject::agent, Status::warning, DeskFinding::agent_absent);
  const std::string process = std::to_string(holder->process);
  if (program_was_replaced(holder->process))
    return report.add(DeskSubject::agent, Status::warning, DeskFinding::agent_outdated, {process});
  report.add(DeskSubject::agent, Status::ok, DeskFinding::agent_runs, {process});
}

void check_agent_unit(Report& report) {
  check_unit(report, "koshin-agent.service",
             {DeskSubject::agent_unit, DeskFinding::unit_enabled, DeskFinding::unit_not_enabled});
}

void check_reminder(Report& report) {
  check_unit(report, "koshin-remind.timer",
             {DeskSubject::reminder, DeskFinding::reminder_enabled, DeskFinding::reminder_not_enabled});
}

}  // namespace koshin::desk_check
