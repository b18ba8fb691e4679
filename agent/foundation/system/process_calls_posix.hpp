// SPDX-License-Identifier: MIT
// What some systems can do for processes beyond POSIX, and what stands in for it where they cannot. All of it
// may be called between fork and exec.
#pragma once

namespace koshin {

/// Starts a process that calls `become` with `plan` and never comes back from it. `become` makes
/// async-signal-safe calls alone, ends in exec or _exit, and may share this process's memory until then. No
/// signal may reach the calling thread meanwhile, or a handler of ours would run in the new process. The
/// process's number; -1 and errno where there is none.
int start_process(void (*become)(const void* plan), const void* plan) noexcept;

/// In a new process: from now on the system ends it, also after exec, when the thread of `parent` that
/// started it ends; and at once where that has happened. A system that has no way to say so does the latter
/// alone: there the new program has to look by itself, as process_tree::adopt_orphans() does.
void end_with_parent(int parent) noexcept;

/// In a new process whose parent means to end it by process_tree::end_children(): a process group of its own,
/// so that what it sends to its group does not reach the parent. Where the group is all by which the parent
/// can reach those that this process starts, it stays in the parent's.
void leave_group() noexcept;

/// Nothing above standard error is inherited by what this process becomes.
void close_the_rest_on_exec() noexcept;

/// What the calling process is called in lists of processes, where the system lets it choose.
void name_process(const char* name) noexcept;

/// waitpid() for any child that has ended, of whatever kind the system has; 0 where none has.
int reap_any_child(int& status) noexcept;

}  // namespace koshin
