// SPDX-License-Identifier: MIT
// What the machine's clocks tell that std::chrono does not: the time in which it was asleep.
#pragma once

#include <chrono>

namespace koshin {

/// Since this machine was started, time asleep included. Nobody can set this clock.
std::chrono::nanoseconds time_since_start() noexcept;
/// How long of that the machine has been asleep.
std::chrono::nanoseconds time_asleep() noexcept;

}  // namespace koshin
