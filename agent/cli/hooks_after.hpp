// SPDX-License-Identifier: MIT
// The administrator's programs after a renewal, from the command line.
#pragma once

#include "cli/session.hpp"

namespace koshin::cli {

/// Runs the command, then the hooks that are due, whatever the command's end: an earlier run may have been
/// cut off between its renewal and them. A command that a person has stopped, or that only looks, has none.
/// Where koshin was asked to end after the command's work, as while Windows' store was waited for, none is
/// begun, and that is said. Names those that failed; the exit code stays the command's.
int with_hooks_after(const Session& session, int (*command)(const Session&));

}  // namespace koshin::cli
