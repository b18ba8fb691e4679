// SPDX-License-Identifier: MIT
// The interrupt time goes on during sleep, the unbiased one does not.
#include "foundation/system/machine_clock.hpp"

#include <windows.h>

#include <realtimeapiset.h>

namespace koshin {
namespace {

using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;

std::chrono::nanoseconds duration_of(ULONGLONG ticks) noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Ticks(static_cast<std::int64_t>(ticks)));
}

}  // namespace

std::chrono::nanoseconds time_since_start() noexcept {
  return std::chrono::milliseconds(static_cast<std::int64_t>(::GetTickCount64()));
}

std::chrono::nanoseconds time_asleep() noexcept {
  ULONGLONG awake = 0;
  ::QueryUnbiasedInterruptTime(&awake);
  // The two clocks are read one after the other and have different steps: less than a tick is no sleep.
  const auto asleep = time_since_start() - duration_of(awake);
  return asleep > std::chrono::milliseconds(50) ? asleep : std::chrono::nanoseconds(0);
}

}  // namespace koshin
