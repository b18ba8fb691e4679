// SPDX-License-Identifier: MIT
// What POSIX knows of a tree of processes: the group. It shows nobody the children of a process, and what a
// process leaves behind becomes the child of the system's first one. So what is started is ended as long as
// it stays in its group, where that was made for this process; what has left it (a daemon) gets away. Nothing
// here allocates, but adopt_orphans(): a signal handler of a process that has crashed calls it.
#include "foundation/system/process_tree.hpp"

#include <signal.h>  // kill is not in <csignal>
#include <time.h>
#include <unistd.h>

#include <system_error>

#include "foundation/system/blocked_signals_posix.hpp"
#include "foundation/system/detached_thread.hpp"
#include "foundation/system/process_calls_other.hpp"

namespace koshin::process_tree {
namespace {

/// A process of the group that was about to start another when it was ended.
constexpr int rounds = 3;
constexpr long round_pause_ns = 5'000'000;
/// An idle process that holds modules (koshin-slot-watch) wakes up so often to see whether its parent is
/// there.
constexpr time_t between_looks_s = 2;

void pause_for(timespec pause) noexcept {
  (void)::nanosleep(&pause, nullptr);
}

/// Nobody tells a process that its parent has ended; it has another one then.
void look_for_parent(pid_t parent) noexcept {
  while (::getppid() == parent) pause_for({between_looks_s, 0});
  if (is_in_private_group()) (void)::kill(0, SIGKILL);  // nobody is there to be told how it ended
  ::_exit(1);
}

}  // namespace

void adopt_orphans() noexcept {
  static pid_t looking = -1;
  keep_children_in_group();
  const pid_t parent = starter_of_this_process();
  if (parent < 0 || looking == ::getpid()) return;
  try {
    const BlockedSignals blocked;  // the thread takes none that is for another
    start_detached_thread([parent] { look_for_parent(parent); });
    looking = ::getpid();
  } catch (const std::system_error&) {  // no thread to be had: its closed pipes tell the process in the end
  }
}

void end_children() noexcept {
  const pid_t self = ::getpid();
  if (::getpgrp() != self || !is_in_private_group()) return;  // others are in it, or a guard sees to it
  // Out of the way, into the parent's group. Where that is in another session, which is so for nothing that
  // ChildProcess has started, all stay alive.
  if (::setpgid(0, ::getpgid(::getppid())) != 0) return;
  for (int round = 0; round < rounds && ::kill(-self, SIGKILL) == 0; ++round) pause_for({0, round_pause_ns});
  (void)::setpgid(0, self);
}

void end_process(int exit_code) noexcept {
  end_children();
  ::_exit(exit_code);
}

void end_descendants_of(int /*process*/) noexcept {
  // Unknown. Whoever wants to end the process as well ends its group, if it leads one.
}

}  // namespace koshin::process_tree
