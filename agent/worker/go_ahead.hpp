// SPDX-License-Identifier: MIT
// The line by which a person's yes reaches a job that waits for it.
#pragma once

#include <chrono>
#include <stop_token>

namespace koshin::worker {

/// Stdin, kept out of the reach of loaded modules.
class GoAhead {
 public:
  /// Keeps stdin as it is now; close_input() comes after this. Throws std::system_error.
  GoAhead();
  ~GoAhead();
  GoAhead(const GoAhead&) = delete;
  GoAhead& operator=(const GoAhead&) = delete;

  /// Waits for messages::go_line, time in which the system sleeps included. False when the input ends, a stop
  /// is asked for, or `limit` is over. Throws FailureError{job_invalid} for another line.
  bool wait(const std::stop_token& stop, std::chrono::seconds limit) const;

 private:
  int descriptor_;
};

}  // namespace koshin::worker
