// SPDX-License-Identifier: MIT
// What a process knows of its own start. POSIX does not tell: that a process leads its group is also true of
// what a shell starts, with others in that group, and its parent may be gone before it looks.
#pragma once

namespace koshin {

/// The process that has started this one by ChildProcess or as a guard does; -1: another program, from which
/// this one is independent.
int starter_of_this_process() noexcept;

/// Whether its group was made for this process, or for the guard that has started it, and has nobody in it
/// but them and what they have started.
bool is_in_private_group() noexcept;

/// What process_tree::adopt_orphans() asks for.
void keep_children_in_group() noexcept;

}  // namespace koshin
