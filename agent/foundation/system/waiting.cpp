// SPDX-License-Identifier: MIT
#include "foundation/system/waiting.hpp"

#include <condition_variable>
#include <mutex>

namespace koshin {

void wait_until(std::chrono::steady_clock::time_point time, const std::stop_token& stop) {
  // Nothing is shared, so nothing needs the lock but the condition variable itself.
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);  // cppcheck-suppress localMutex
  stopped.wait_until(lock, stop, time, [] { return false; });
}

}  // namespace koshin
