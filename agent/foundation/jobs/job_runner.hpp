// SPDX-License-Identifier: MIT
// Runs one job in a koshin-worker and converts every outcome to one final event.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"

namespace koshin {

class ChildProcess;

/// Time for a worker to finalize its modules after its final event.
constexpr std::chrono::seconds time_after_last_word{5};

/// Starts koshin-worker (paths::program), hands it the job and the secrets (in the order of job.secrets),
/// calls `on_event` for each progress event in this thread, and returns the final event. A worker that dies
/// of a signal becomes Failure{module_crashed}, one that has not finished when `deadline` has passed
/// Failure{module_hung} (and is killed), one that ends without a final event Failure{worker_failed}. A stop
/// request is passed on; what the worker then says last is returned if it says it soon, else
/// Failure{interrupted}. Lines that are no events are ignored. Never throws for what a worker does; what
/// `on_event` throws passes through after the worker has been killed.
messages::Event run_job(const messages::Job& job, const std::vector<const SecureBuffer*>& secrets,
                        const std::function<void(const messages::Event&)>& on_event,
                        std::chrono::seconds deadline, std::stop_token stop = {});

/// run_job() in a koshin-worker that is already started and has read nothing yet. Returns with the final
/// event; the worker then finalizes its modules, and the caller waits for its end. After a ReadyEvent the
/// worker gets messages::time_to_go more, and `deadline` afresh when it continues: any thread tells it to by
/// writing messages::go_line, or to end by closing its stdin.
messages::Event run_job_in(ChildProcess& worker, const messages::Job& job,
                           const std::vector<const SecureBuffer*>& secrets,
                           const std::function<void(const messages::Event&)>& on_event,
                           std::chrono::seconds deadline, std::stop_token stop = {});

/// Runs `run` for a separate thread, where an exception would end the program: exceptions become
/// Failure{worker_failed}.
messages::Event run_guarded(const std::function<messages::Event()>& run);

/// run_job() with another program instead of the worker, for tests. No setting and no variable selects it.
messages::Event run_job_with(const std::filesystem::path& program, const messages::Job& job,
                             const std::vector<const SecureBuffer*>& secrets,
                             const std::function<void(const messages::Event&)>& on_event,
                             std::chrono::seconds deadline, std::stop_token stop = {});

}  // namespace koshin
