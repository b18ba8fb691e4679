// SPDX-License-Identifier: MIT
// POSIX has no way to name the pages that a process can do without, so it keeps all of them.
#include "resident/idle_memory.hpp"

namespace koshin::resident {

void give_back_idle_memory() {}

}  // namespace koshin::resident
