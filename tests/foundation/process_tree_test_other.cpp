// SPDX-License-Identifier: MIT
// Nobody tells a process that its parent has ended.
#include <gtest/gtest.h>

#include <sstream>

#include "probe_outcome.hpp"
#include "process_ends.hpp"

namespace koshin {
namespace {

TEST(ProcessTree, AProcessThatLooksForItsParentEndsAfterItWithWhatItHasStarted) {
  const auto child = ChildProcess::start(PROBE, {"looks-for-its-parent"});
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  for (int i = 0; i < 2; ++i) {
    std::string line;
    ASSERT_EQ(child->read_line(line, until), ChildProcess::Read::line);
    EXPECT_TRUE(test::ends(std::stol(line))) << i;
  }
}

}  // namespace
}  // namespace koshin
