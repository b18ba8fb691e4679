// SPDX-License-Identifier: MIT
// The task of the reminders, which the installer registers, by Task Scheduler's word.
#include <exception>
#include <optional>
#include <string>

#include "desk_check/checks.hpp"
#include "foundation/system/scheduled_task_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::desk_check {

void check_reminder(Report& report) {
  const auto add = [&](Status status, DeskFinding finding, const std::string& value) {
    report.add(DeskSubject::reminder, status, finding, {value});
  };
  std::optional<TaskState> state;
  try {
    state = within<TaskState>(service_limit, [] { return state_of_task(reminder_task_name); });
  } catch (const std::exception& error) {
    return add(Status::skipped, DeskFinding::windows_reminder_unknown, error.what());
  }
  if (!state) return add(Status::skipped, DeskFinding::windows_reminder_unknown, "no answer");
  const std::string name = narrow(reminder_task_name);
  switch (*state) {
    case TaskState::missing:
      return add(Status::warning, DeskFinding::windows_reminder_missing, name);
    case TaskState::disabled:
      return add(Status::warning, DeskFinding::windows_reminder_disabled, name);
    case TaskState::enabled:
      return add(Status::ok, DeskFinding::windows_reminder_ready, name);
  }
}

}  // namespace koshin::desk_check
