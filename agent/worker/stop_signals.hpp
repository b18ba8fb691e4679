// SPDX-License-Identifier: MIT
// Stop requests: a parent sends SIGTERM, which the worker obeys between two steps and in network waits.
#pragma once

#include <stop_token>

namespace koshin::worker {

/// Converts SIGTERM, SIGINT and SIGHUP to stop requests, and ignores SIGPIPE, so that writing to a closed
/// pipe is an error. To be called once, before any other thread is started; `source` must outlive the
/// process.
void route_stop_signals(std::stop_source& source);

/// Ends the process at once, without exit handlers and destructors: those of modules and OpenSSL interfere.
[[noreturn]] void end_process(int exit_code) noexcept;

}  // namespace koshin::worker
