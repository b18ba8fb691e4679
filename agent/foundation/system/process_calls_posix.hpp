// SPDX-License-Identifier: MIT
// What some systems can do for processes beyond POSIX, and what stands in for it where they cannot. All of it
// but start_mark() may be called between fork and exec.
#pragma once

#include <string>

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

/// Whether what this process starts has to stay in its group, whatever was asked for: it has called
/// process_tree::adopt_orphans(), and its group is all by which those can be reached.
bool keeps_children_in_group() noexcept;

/// What a child of this process, which has ended and is not reaped yet, leaves behind in the group that it
/// leads. Nothing where process_tree::end_children() reaches that by itself, nor in a process that has not
/// called process_tree::adopt_orphans().
void end_what_is_left_of(int child) noexcept;

/// For the environment of a program that is started: a variable ("NAME=…") with what the system does not tell
/// it about its start. Empty: the system tells it all.
std::string start_mark();
/// In the new process: it and `parent` are what the mark is about.
void complete_start_mark(char* mark, int parent) noexcept;

/// Nothing above standard error is inherited by what this process becomes.
void close_the_rest_on_exec() noexcept;

/// What the calling process is called in lists of processes, where the system lets it choose.
void name_process(const char* name) noexcept;

/// waitpid() for any child that has ended, of whatever kind the system has; 0 where none has.
int reap_any_child(int& status) noexcept;

}  // namespace koshin
