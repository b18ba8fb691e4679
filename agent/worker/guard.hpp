// SPDX-License-Identifier: MIT
// The guard process: ends all processes that a module has started and that would outlive the worker.
#pragma once

namespace koshin::worker {

/// Forks before anything is loaded: the caller continues as the child, and the original process stays as its
/// guard ("koshin-guard" among the processes). The guard loads and reads nothing. It forwards SIGTERM, SIGINT
/// and SIGHUP. After the child's end it kills all remaining descendants and then ends in the same way as the
/// child, so that the parent sees how the worker ended. The signals stay blocked in the child, for
/// route_stop_signals(). If no process can be started, the caller continues without a guard.
void go_on_under_guard() noexcept;

/// To be called around every call into a module. A worker that ends in between, other than at its deadline,
/// was ended by the module (exit(), _exit()): the guard then ends as after a crash.
void enter_module() noexcept;
void leave_module() noexcept;

}  // namespace koshin::worker
