// SPDX-License-Identifier: MIT
// What time it is. Whoever needs the time is handed a clock: a job has one, and a test another one.
#pragma once

#include <functional>

#include "foundation/base/calendar.hpp"

namespace koshin {

using WallClock = std::function<TimePoint()>;

/// By how much two computers' clocks may differ and count as the same.
inline constexpr std::chrono::minutes clock_skew{5};
/// Whether two computers' clocks say the same, as far as they can.
inline bool clocks_agree(TimePoint one, TimePoint other) {
  return one <= other + clock_skew && other <= one + clock_skew;
}
/// The largest Retry-After that an authority is granted.
inline constexpr std::chrono::hours longest_retry_after{24 * 7};

/// The system's, for those that hand it in.
inline TimePoint current_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace koshin
