// SPDX-License-Identifier: MIT
// usage: packaging_reminder_task PROGRAM NAMES enabled|disabled       prints the task of the reminders
#include <cstdio>
#include <string_view>

#include "reminder_task.hpp"

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const std::string task =
      koshin::setup::reminder_task({.program = arguments[1],
                                    .names = arguments[2],
                                    .is_enabled = std::string_view(arguments[3]) == "enabled"});
  return std::fputs(task.c_str(), stdout) < 0 ? 1 : 0;
}
