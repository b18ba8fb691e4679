// SPDX-License-Identifier: MIT
// How a koshin-worker is started: by whoever runs jobs, the same way.
#pragma once

#include <memory>

#include "foundation/jobs/messages.hpp"
#include "foundation/system/child_process.hpp"

namespace koshin {

/// The worker's only argument: its job will speak to the authority. It then loads what that takes, which is
/// most of its start, while it reads the job or waits for it.
inline constexpr const char* for_authority_argument = "--for-authority";

/// Whether a job of this kind always speaks to the authority.
constexpr bool speaks_to_authority(messages::JobKind kind) {
  return kind == messages::JobKind::renew || kind == messages::JobKind::enroll;
}

/// A worker that has read nothing yet, for run_job_in(). Throws FailureError{worker_failed} when it cannot be
/// started.
std::unique_ptr<ChildProcess> start_worker(bool for_authority);

}  // namespace koshin
