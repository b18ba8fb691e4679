// SPDX-License-Identifier: MIT
// Runs one job in a koshin-worker and makes every way in which that can end one final event.
#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "foundation/messages.hpp"
#include "foundation/secure_buffer.hpp"

namespace koshin {

/// Starts koshin-worker, hands it the job and the secrets (in the order of job.secrets), calls `on_event` for each
/// progress event in this thread, and returns the final event. A worker that dies of a signal becomes
/// Failure{module_crashed}, one that is silent past `deadline` Failure{module_hung} (and is killed), one that ends
/// without a final event Failure{worker_failed}, a stop request Failure{interrupted}. Never throws for what a worker does.
messages::Event run_job(const messages::Job& job, const std::vector<const SecureBuffer*>& secrets,
                        const std::function<void(const messages::Event&)>& on_event, std::chrono::seconds deadline,
                        std::stop_token stop = {});

}  // namespace koshin
