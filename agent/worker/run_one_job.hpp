// SPDX-License-Identifier: MIT
// The execution of one job, from stdin to its final event.
#pragma once

#include <stop_token>

#include "worker/event_stream.hpp"
#include "worker/module_output.hpp"

namespace koshin::worker {

/// Reads the job and its secrets, runs it, and writes its final event before modules are finalized. Returns
/// the exit code: 0, or that of the failure's reason. Never throws.
int run_one_job(EventStream& events, ModuleOutput& output, std::stop_source& stop) noexcept;

}  // namespace koshin::worker
