// SPDX-License-Identifier: MIT
// koshin-ui's command line.
#pragma once

#include <optional>

#include "application.hpp"

namespace koshin::ui {

/// The options, or an exit code to end with (help was requested, or an error was reported: on standard error,
/// or in the log, which is configured before).
struct CommandLine {
  std::optional<Options> options;
  int exit_code = 0;
};
CommandLine parse_command_line(int count, char** values);

}  // namespace koshin::ui
