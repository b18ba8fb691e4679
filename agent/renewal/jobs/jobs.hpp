// SPDX-License-Identifier: MIT
// The jobs of the worker (docs/messages.md).
#pragma once

#include "foundation/jobs/messages.hpp"
#include "renewal/token/job_context.hpp"

namespace koshin::renewal {

/// Each function returns the final event of its job or throws; as_failure() converts exceptions other than
/// FailureError.
messages::Event run_inspect(const JobContext& context);
messages::Event run_renew(const JobContext& context);
messages::Event run_enroll(const JobContext& context);
messages::Event run_prune(const JobContext& context);
messages::Event run_cancel(const JobContext& context);
messages::Event run_doctor(const JobContext& context);
messages::Event run_change_pin(const JobContext& context);
messages::Event run_reset_pin(const JobContext& context);

}  // namespace koshin::renewal
