// SPDX-License-Identifier: MIT
// Restrictions of a process that handles secrets.
#pragma once

#include <chrono>

#include "foundation/system/standard_streams.hpp"

namespace koshin::hardening {

/// Disables core dumps, tracing by other processes of the user (not dumpable) and new privileges, and sets
/// umask 077. Builds with AddressSanitizer stay dumpable, which the leak check needs. On a POSIX system that
/// koshin does not know, tracing and privileges stay as that system has them: there is no common way to give
/// them up.
void protect_process();
/// The process ends with `exit_code` of deadline_exceeded when this much time has passed, whatever it is
/// doing. `before_end` (may be nullptr) is written to `to` first, async-signal-safe; it must outlive
/// the process. What the process has started is ended with it. Begin it with a newline: a half-written line
/// may stand before it, and run_job() ignores empty lines. Time the computer sleeps does not count. 0 takes
/// the deadline away; a second call replaces the first.
void set_deadline(std::chrono::seconds limit, const char* before_end,
                  NativeHandle to = standard_handle(StandardStream::output));

}  // namespace koshin::hardening
