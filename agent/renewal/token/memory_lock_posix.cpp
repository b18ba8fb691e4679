// SPDX-License-Identifier: MIT
// RLIMIT_MEMLOCK.
#include <sys/resource.h>

#include "renewal/token/memory_lock.hpp"

namespace koshin::renewal {

std::optional<std::uint64_t> memory_lock_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return {};
  return limit.rlim_cur;
}

}  // namespace koshin::renewal
