// SPDX-License-Identifier: MIT
// A koshin-worker that is started before its job, which will speak to the authority, is known: while a person
// is asked for what the job needs, it loads what takes long.
#pragma once

#include <chrono>
#include <memory>

#include "foundation/jobs/messages.hpp"
#include "foundation/system/child_process.hpp"

namespace koshin {

class WorkerAhead {
 public:
  /// Starts one, unless there is one that can still wait. May be said often. Throws nothing: without one the
  /// job starts its own, and says what is wrong.
  void prepare() noexcept;
  /// The one that waits, for run_job_in(); null when there is none, or when it has waited so long that it may
  /// have given up.
  std::unique_ptr<ChildProcess> take();
  /// For a job of this kind: the one that waits, if it is what the job needs, else a new one. Throws what
  /// start_worker() throws.
  std::unique_ptr<ChildProcess> for_job(messages::JobKind kind);

 private:
  std::unique_ptr<ChildProcess> worker_;
  std::chrono::steady_clock::time_point since_{};
};

}  // namespace koshin
