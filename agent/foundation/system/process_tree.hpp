// SPDX-License-Identifier: MIT
// Processes that a process has started, also those that have left its group and session.
#pragma once

namespace koshin::process_tree {

/// From now on what a descendant of this process leaves behind when it ends becomes this process's own child,
/// so that nothing it starts can get away. Where the system is to kill this process when its parent ends
/// (ChildProcess asks for that), its children are ended first then. On a system that shows no more of this
/// than process groups, what leaves the group of a process that koshin has started gets away, and of one that
/// another program has started (a shell) what its children have left behind when they are waited for is
/// ended.
void adopt_orphans() noexcept;

/// Ends every child of this process and what they leave behind, until there is none, as far as the system
/// lets it (adopt_orphans()). May be called in a signal handler; other threads of this process must not start
/// processes meanwhile.
void end_children() noexcept;

/// Ends this process at once, and its children before it: no exit handlers, no destructors. Modules and
/// OpenSSL fight in theirs.
[[noreturn]] void end_process(int exit_code) noexcept;

/// Ends every descendant of another process, which goes on; one that has called adopt_orphans() is stopped
/// first by whoever wants to end it as well, so that it starts nothing meanwhile.
void end_descendants_of(int process) noexcept;

}  // namespace koshin::process_tree
