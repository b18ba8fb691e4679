// SPDX-License-Identifier: MIT
// Renewals one after the other, faster than any bank's customer makes them.
#pragma once

#include <chrono>
#include <thread>

namespace koshin::test {

/// Waits until a certificate that is issued from now on ends later than any that was: both end at whole
/// seconds, and koshin takes none that does not end later than the one it replaces.
inline void wait_for_a_later_end() {
  std::this_thread::sleep_for(std::chrono::milliseconds{1100});
}

}  // namespace koshin::test
