// SPDX-License-Identifier: MIT
// koshin-ui's command line.
#pragma once

#include <optional>

#include "application.hpp"

namespace koshin::ui {

/// Options, or the exit code to leave with at once (help was asked for, or something was wrong and has been
/// said).
struct CommandLine {
  std::optional<Options> options;
  int exit_code = 0;
};
CommandLine parse_command_line(int count, char** values);

}  // namespace koshin::ui
