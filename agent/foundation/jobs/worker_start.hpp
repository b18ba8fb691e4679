// SPDX-License-Identifier: MIT
// Start of a koshin-worker, shared by all parents.
#pragma once

#include <memory>

#include "foundation/system/child_process.hpp"

namespace koshin {

/// Starts a worker for run_job_in(). Throws FailureError{worker_failed} when it cannot be started.
std::unique_ptr<ChildProcess> start_worker();

}  // namespace koshin
