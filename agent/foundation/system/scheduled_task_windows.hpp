// SPDX-License-Identifier: MIT
// Tasks of Windows' Task Scheduler (ITaskService), in its root folder, by their name. Every call asks the
// service "Schedule", which may not answer; each throws std::system_error with the name of the call.
#pragma once

#include <string>

namespace koshin {

/// The task that runs `koshin-ui --remind` for each user: the counterpart of Linux' koshin-remind.timer.
inline constexpr wchar_t reminder_task_name[] = L"koshin-remind";

enum class TaskState { missing, disabled, enabled };

/// What this process may see of it: a task that it may not read is missing.
TaskState state_of_task(const std::wstring& name);

/// Registers a task of a group: it runs in the session of each member who is logged in, and asks for no
/// password. One that is there already is replaced. `xml`: the task, in the words of Task Scheduler's schema;
/// `group`: the SID of the group, as the principal in `xml` has it.
void register_group_task(const std::wstring& name, const std::wstring& xml, const std::wstring& group);

/// One that is not there is no error.
void remove_task(const std::wstring& name);

}  // namespace koshin
