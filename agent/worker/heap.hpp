// SPDX-License-Identifier: MIT
// The worker's memory at its start.
#pragma once

namespace koshin::worker {

/// Takes at once the memory that every job uses. A page that is first touched costs an interrupt, and a job
/// touches hundreds. Without effect where the system cannot do it.
void take_heap_at_once() noexcept;

}  // namespace koshin::worker
