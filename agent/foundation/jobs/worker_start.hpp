// SPDX-License-Identifier: MIT
// How a koshin-worker is started: by whoever runs jobs, the same way.
#pragma once

#include <memory>

#include "foundation/system/child_process.hpp"

namespace koshin {

/// A worker that has read nothing yet, for run_job_in(). Throws FailureError{worker_failed} when it cannot be
/// started.
std::unique_ptr<ChildProcess> start_worker();

}  // namespace koshin
