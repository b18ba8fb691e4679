// SPDX-License-Identifier: MIT
// The destination of the worker's log while a person uses the terminal.
#pragma once

#include "foundation/system/handle.hpp"

namespace koshin::cli {

/// A worker inherits standard error for its log. During the lifetime of this object standard error is
/// koshin.log in the state folder (foundation/log/log_file.hpp), so that log lines do not mix with progress
/// and prompts. Not redirected when standard error is the systemd journal's socket. When the file cannot be
/// written, log lines are dropped.
class WorkerLog {
 public:
  WorkerLog();
  ~WorkerLog();
  WorkerLog(const WorkerLog&) = delete;
  WorkerLog& operator=(const WorkerLog&) = delete;

 private:
  Handle standard_error_;  ///< the real one, kept meanwhile
};

}  // namespace koshin::cli
