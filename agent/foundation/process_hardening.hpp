// SPDX-License-Identifier: MIT
// What a process that sees secrets gives up before it sees one.
#pragma once

#include <chrono>

namespace koshin::hardening {

/// No core dumps, not dumpable (so not traceable by others of the same user), no new privileges, umask 077.
void protect_process();
/// The process ends with `exit_code` of deadline_exceeded when this much time has passed, whatever it is doing.
/// `before_end` is written to stdout first (async-signal-safe); it must outlive the process.
void set_deadline(std::chrono::seconds limit, const char* before_end);
/// True when a file is owned by the caller (or root) and neither group nor others can read (`secret`) / write it.
bool private_to_owner(const char* path, bool secret);

}  // namespace koshin::hardening
