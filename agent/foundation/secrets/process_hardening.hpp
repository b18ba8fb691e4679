// SPDX-License-Identifier: MIT
// What a process that sees secrets gives up before it sees one.
#pragma once

#include <chrono>

namespace koshin::hardening {

/// No core dumps, not dumpable (so not traceable by others of the same user), no new privileges, umask 077.
/// In builds with AddressSanitizer the process stays dumpable, which its leak check needs.
void protect_process();
/// The process ends with `exit_code` of deadline_exceeded when this much time has passed, whatever it is
/// doing. `before_end` (may be nullptr) is written to `descriptor` first, async-signal-safe; it must outlive
/// the process. What the process has started is ended with it. Begin it with a newline: a half-written line
/// may stand before it, and run_job() ignores empty lines. Time the computer sleeps does not count. 0 takes
/// the deadline away; a second call replaces the first.
void set_deadline(std::chrono::seconds limit, const char* before_end, int descriptor = 1);

}  // namespace koshin::hardening
