// SPDX-License-Identifier: MIT
// The task of Windows' Task Scheduler that reminds each user of certificates on tokens that are not inserted.
#pragma once

#include <string>
#include <string_view>

namespace koshin::setup {

/// The local group "Users", whatever it is called in this Windows' language.
inline constexpr std::string_view reminded_group = "S-1-5-32-545";

struct ReminderTask {
  std::string program;  ///< absolute path of koshin-ui.exe
  std::string names;    ///< absolute path of the library that has the task's description in each language
  bool is_enabled = true;
};

/// The task in the words of Task Scheduler's schema ([MS-TSCH] 2.5, version 1.2): once a day in the morning,
/// not for all computers in the same minute, later where the computer was off then, and some minutes after a
/// log-in; as the person who is logged in, with no more rights than that person's programs have.
std::string reminder_task(const ReminderTask& task);

}  // namespace koshin::setup
