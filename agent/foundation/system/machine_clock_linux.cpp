// SPDX-License-Identifier: MIT
// CLOCK_BOOTTIME goes on during suspend, CLOCK_MONOTONIC does not.
#include "foundation/system/machine_clock.hpp"

#include <time.h>  // clock_gettime is not in <ctime>

namespace koshin {
namespace {

std::chrono::nanoseconds read_clock(clockid_t clock) noexcept {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

}  // namespace

std::chrono::nanoseconds time_since_start() noexcept {
  return read_clock(CLOCK_BOOTTIME);
}

std::chrono::nanoseconds time_asleep() noexcept {
  const auto awake =
      read_clock(CLOCK_MONOTONIC);  // first: time may pass between the two, and none is less than none
  return read_clock(CLOCK_BOOTTIME) - awake;
}

}  // namespace koshin
