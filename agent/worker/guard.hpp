// SPDX-License-Identifier: MIT
// Who sees to it that nothing a module has started outlives the worker.
#pragma once

namespace koshin::worker {

/// Forks before anything is loaded: the caller goes on as the child, and the process that was started stays
/// behind as its guard ("koshin-guard" among the processes). The guard loads nothing and reads nothing. It
/// hands on SIGTERM, SIGINT and SIGHUP, and when the child has ended, in whatever way, it ends all that the
/// child has left behind and then itself in the same way, so that whoever has started it sees how the worker
/// ended. These signals stay blocked in the child, for route_stop_signals(). Where no process can be started,
/// the caller goes on without one.
void go_on_under_guard() noexcept;

/// Around every call into a module. A worker that ends in between, other than at its deadline, was ended by
/// the module (exit(), _exit()): the guard then ends as one that has crashed.
void enter_module() noexcept;
void leave_module() noexcept;

}  // namespace koshin::worker
