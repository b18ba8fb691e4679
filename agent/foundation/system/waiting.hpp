// SPDX-License-Identifier: MIT
// A sleep that a stop request ends.
#pragma once

#include <chrono>
#include <stop_token>

namespace koshin {

/// Until that time, or until a stop is requested.
void wait_until(std::chrono::steady_clock::time_point time, const std::stop_token& stop);

}  // namespace koshin
