// SPDX-License-Identifier: MIT
// The system's time zone on Windows, by this year's rules. TZ is not asked: it means something else there.
#include "foundation/base/local_time.hpp"

#include <windows.h>

#include <cstdint>

namespace koshin {

std::tm local_time(std::time_t time) {
  constexpr std::uint64_t from_1601_to_1970 = 11644473600;
  constexpr std::uint64_t ticks_a_second = 10'000'000;
  if (time < 0) return {};
  const std::uint64_t ticks = (static_cast<std::uint64_t>(time) + from_1601_to_1970) * ticks_a_second;
  const FILETIME since_1601{.dwLowDateTime = static_cast<DWORD>(ticks),
                            .dwHighDateTime = static_cast<DWORD>(ticks >> 32U)};
  SYSTEMTIME utc{};
  SYSTEMTIME local{};
  if (::FileTimeToSystemTime(&since_1601, &utc) == 0 ||
      ::SystemTimeToTzSpecificLocalTime(nullptr, &utc, &local) == 0)
    return {};
  std::tm result{};
  result.tm_year = local.wYear - 1900;
  result.tm_mon = local.wMonth - 1;
  result.tm_mday = local.wDay;
  result.tm_hour = local.wHour;
  result.tm_min = local.wMinute;
  result.tm_sec = local.wSecond;
  result.tm_wday = local.wDayOfWeek;
  result.tm_isdst = -1;
  return result;
}

}  // namespace koshin
