// SPDX-License-Identifier: MIT
// The wall clock. Code that needs the time receives a clock, which tests replace.
#pragma once

#include <functional>

#include "foundation/base/calendar.hpp"

namespace koshin {

using WallClock = std::function<TimePoint()>;

/// Tolerated difference between two computers' clocks.
inline constexpr std::chrono::minutes clock_skew{5};
/// Whether the times of two computers' clocks agree within clock_skew.
inline bool clocks_agree(TimePoint one, TimePoint other) {
  return one <= other + clock_skew && other <= one + clock_skew;
}
/// The largest accepted Retry-After.
inline constexpr std::chrono::hours longest_retry_after{24 * 7};

/// The system's clock, the usual WallClock.
inline TimePoint current_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace koshin
