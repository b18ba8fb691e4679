// SPDX-License-Identifier: MIT
// CLOCK_MONOTONIC, the one clock of POSIX that nobody can set. Whether it goes on while the machine is asleep
// is each system's own, so the time asleep is unknown, and said to be none: a machine that woke passes for
// one whose clock was set.
#include "foundation/system/machine_clock.hpp"

#include <time.h>  // clock_gettime is not in <ctime>

namespace koshin {

std::chrono::nanoseconds time_since_start() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

std::chrono::nanoseconds time_asleep() noexcept {
  return std::chrono::nanoseconds{0};
}

}  // namespace koshin
