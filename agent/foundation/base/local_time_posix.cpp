// SPDX-License-Identifier: MIT
// The system's time zone on POSIX systems.
#include <time.h>  // tzset and localtime_r are not in <ctime>

#include "foundation/base/local_time.hpp"

namespace koshin {

std::tm local_time(std::time_t time) {
  tzset();
  std::tm result{};
  if (localtime_r(&time, &result) == nullptr) return {};
  return result;
}

}  // namespace koshin
