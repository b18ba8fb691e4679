// SPDX-License-Identifier: MIT
// Windows has no limit of locked memory for a user: a process raises its own (secure_memory_windows.cpp).
#include "renewal/token/memory_lock.hpp"

namespace koshin::renewal {

std::optional<std::uint64_t> memory_lock_limit() {
  return {};
}

}  // namespace koshin::renewal
