// SPDX-License-Identifier: MIT
// The jobs of the worker.
#pragma once

#include "foundation/jobs/messages.hpp"
#include "renewal/token/job_context.hpp"

namespace koshin::renewal {

/// Each returns the final event or throws FailureError (other exceptions are
/// translated by as_failure()).
messages::Event run_inspect(const JobContext& context);
messages::Event run_renew(const JobContext& context);
messages::Event run_enroll(const JobContext& context);
messages::Event run_prune(const JobContext& context);
messages::Event run_cancel(const JobContext& context);
messages::Event run_doctor(const JobContext& context);

}  // namespace koshin::renewal
