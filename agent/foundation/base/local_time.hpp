// SPDX-License-Identifier: MIT
// The system's time zone: the one part of the calendar that differs between systems.
#pragma once

#include <ctime>

namespace koshin {

/// Broken-down time in the system's time zone (TZ is read again at each call); zeros when the time cannot be
/// expressed.
std::tm local_time(std::time_t time);

}  // namespace koshin
