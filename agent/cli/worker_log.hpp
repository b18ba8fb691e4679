// SPDX-License-Identifier: MIT
// Where the worker's log goes while a person looks at the terminal. The system's part is in
// worker_log_posix.cpp.
#pragma once

namespace koshin::cli {

/// A worker inherits standard error for its log. While one of these exists, that is koshin.log in the state
/// folder (foundation/log/log_file.hpp), so that the log does not run through progress and prompts. Left
/// alone when standard error is the systemd journal's socket. Without a place to write, the lines are
/// dropped.
class WorkerLog {
 public:
  WorkerLog();
  ~WorkerLog();
  WorkerLog(const WorkerLog&) = delete;
  WorkerLog& operator=(const WorkerLog&) = delete;

 private:
  int standard_error_ = -1;  ///< the real one, kept meanwhile
};

}  // namespace koshin::cli
