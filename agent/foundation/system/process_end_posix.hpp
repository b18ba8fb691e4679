// SPDX-License-Identifier: MIT
// The end of a child, as something to wait for beside other things, and signals that hit it and nobody else.
#pragma once

#include "foundation/system/handle.hpp"

namespace koshin {

/// Readable once this child of the calling process has ended; it is not reaped by that:
/// waitpid() stays the caller's. Not inherited by children. Throws std::system_error.
Handle watch_process_end(int process);
/// To the child that `end` is from watch_process_end() for, and that the caller has not reaped. Nothing where
/// it was reaped behind the caller's back, as by a module that waits for all children.
void send_signal(const Handle& end, int process, int number) noexcept;

}  // namespace koshin
