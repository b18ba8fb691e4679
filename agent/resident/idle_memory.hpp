// SPDX-License-Identifier: MIT
// What a process that is about to wait for hours gives back.
#pragma once

namespace koshin::resident {

/// Lets go of the mapped pages of programs and libraries: they are unchanged copies of files, and come back
/// from the page cache when they are needed again.
void give_back_idle_memory();

}  // namespace koshin::resident
