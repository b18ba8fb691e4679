// SPDX-License-Identifier: MIT
// Restrictions of a process that handles secrets.
#pragma once

#include <chrono>

namespace koshin::hardening {

/// Disables core dumps, tracing by other processes of the user (not dumpable) and new privileges, and sets
/// umask 077. Builds with AddressSanitizer stay dumpable, which the leak check needs.
void protect_process();
/// Ends the process with the exit code of deadline_exceeded when the time has passed, whatever it is doing,
/// together with all processes that it has started. `before_end` (may be nullptr) is written to `descriptor`
/// first, async-signal-safe; it must outlive the process, and should begin with a newline, since a partial
/// line may precede it and run_job() ignores empty lines. Time in which the computer sleeps does not count. 0
/// removes the deadline; a second call replaces the first.
void set_deadline(std::chrono::seconds limit, const char* before_end, int descriptor = 1);

}  // namespace koshin::hardening
