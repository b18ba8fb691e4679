// SPDX-License-Identifier: MIT
// A parent that wants the worker to stop asks with SIGTERM: a request, heard between two steps and by the
// network.
#pragma once

#include <stop_token>

namespace koshin::worker {

/// From here on SIGTERM, SIGINT and SIGHUP become stop requests, and writing to a closed pipe is an error, no
/// signal. To be called once, before any other thread is made; `source` must outlive the process.
void route_stop_signals(std::stop_source& source);

/// Ends the process at once: no exit handlers, no destructors. Modules and OpenSSL fight in theirs.
[[noreturn]] void end_process(int exit_code) noexcept;

}  // namespace koshin::worker
