// SPDX-License-Identifier: MIT
#include "foundation/system/machine_clock.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace koshin {
namespace {

TEST(MachineClock, GoesOnAndIsNotOutrunByTheTimeAsleep) {
  const auto before = time_since_start();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_GE(time_since_start() - before, std::chrono::milliseconds(20));
  EXPECT_GE(time_asleep(), std::chrono::nanoseconds(0));
  EXPECT_LT(time_asleep(), time_since_start());
}

}  // namespace
}  // namespace koshin
