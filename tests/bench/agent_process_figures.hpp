// SPDX-License-Identifier: MIT
// What the kernel counts of a process: wake-ups, memory, threads.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace koshin::bench {

struct ProcessFigures {
  std::int64_t wakeups = 0;  ///< voluntary context switches of all threads since their start
  std::int64_t pss_kib = 0;
  int threads = 0;
};
/// All zero when the process is gone.
ProcessFigures figures_of(pid_t process);

}  // namespace koshin::bench
