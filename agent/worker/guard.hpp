// SPDX-License-Identifier: MIT
// The guard process: ends all processes that a module has started and that would outlive the worker.
#pragma once

namespace koshin::worker {

/// Forks before anything is loaded: the caller goes on as the child, and the process that was started stays
/// behind as its guard ("koshin-guard" among the processes). The guard loads nothing and reads nothing. It
/// hands on every request to stop, and when the child has ended, in whatever way, it ends all that the
/// child has left behind and then itself in the same way, so that whoever has started it sees how the worker
/// ended. Such requests wait in the child until it makes its StopRequests. Where no process can be started,
/// the caller goes on without one.
void go_on_under_guard() noexcept;

/// To be called around every call into a module. A worker that ends in between, other than at its deadline,
/// was ended by the module (exit(), _exit()): the guard then ends as after a crash.
void enter_module() noexcept;
void leave_module() noexcept;

}  // namespace koshin::worker
