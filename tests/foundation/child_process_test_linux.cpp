// SPDX-License-Identifier: MIT
// What the system itself does for a child.
#include <gtest/gtest.h>

#include "foundation/system/child_process.hpp"
#include "process_ends.hpp"

namespace koshin {
namespace {

TEST(ChildProcess, DiesWithItsParent) {
  const auto parent = ChildProcess::start(PROBE, {"parent-that-dies"});
  std::string line;
  const auto soon = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  ASSERT_EQ(parent->read_line(line, soon), ChildProcess::Read::line);
  EXPECT_TRUE(test::ends(std::stol(line)));
}

}  // namespace
}  // namespace koshin
