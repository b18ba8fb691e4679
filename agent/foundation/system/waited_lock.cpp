// SPDX-License-Identifier: MIT
#include "foundation/system/waited_lock.hpp"

#include "foundation/system/waiting.hpp"

namespace koshin {

std::unique_ptr<FileLock> wait_for_lock(const std::filesystem::path& file, std::chrono::milliseconds longest,
                                        std::chrono::milliseconds pause, const std::stop_token& stop) {
  using std::chrono::steady_clock;
  const auto until = steady_clock::now() + longest;
  while (!stop.stop_requested()) {
    if (auto lock = FileLock::try_acquire(file)) return lock;
    if (steady_clock::now() >= until) break;
    wait_until(steady_clock::now() + pause, stop);
  }
  return {};
}

}  // namespace koshin
