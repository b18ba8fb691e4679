// SPDX-License-Identifier: MIT
// Receives the person's confirmation for a job with await_go.
#pragma once

#include <chrono>
#include <stop_token>

#include "foundation/system/handle.hpp"

namespace koshin::worker {

/// A private copy of stdin, protected from loaded modules.
class GoAhead {
 public:
  /// Duplicates stdin; must be constructed before close_input(). Throws std::system_error.
  GoAhead();
  GoAhead(const GoAhead&) = delete;
  GoAhead& operator=(const GoAhead&) = delete;

  /// Waits for messages::go_line; time in which the system sleeps counts. False at the end of the input, on a
  /// stop request, or after `limit`. Throws FailureError{job_invalid} for another line.
  bool wait(const std::stop_token& stop, std::chrono::seconds limit) const;

 private:
  Handle input_;
};

}  // namespace koshin::worker
