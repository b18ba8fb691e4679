// SPDX-License-Identifier: MIT
// What a process that is about to wait for hours gives back.
#pragma once

namespace koshin::resident {

/// To be called before any thread is made: one that lives for one job must not leave a heap of its own
/// behind.
void keep_one_heap();

/// Returns freed heap to the system and lets go of the mapped pages of programs and libraries: they are
/// unchanged copies of files, and come back from the page cache when they are needed again.
void give_back_idle_memory();

}  // namespace koshin::resident
