// SPDX-License-Identifier: MIT
// What time it is. Whoever needs the time is handed a clock: a job has one, and a test another one.
#pragma once

#include <functional>

#include "foundation/base/calendar.hpp"

namespace koshin {

using WallClock = std::function<TimePoint()>;

/// The system's, for those that hand it in.
inline TimePoint current_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace koshin
