// SPDX-License-Identifier: MIT
// What a process has started ends with it.
#include "foundation/system/process_tree.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "probe_outcome.hpp"
#include "process_ends.hpp"

namespace koshin {
namespace {

TEST(ProcessTree, WhatAProcessHasStartedEndsWithIt) {
  const test::Outcome outcome = test::probe("ends-what-it-started");
  EXPECT_FALSE(outcome.status.crashed);
  EXPECT_EQ(outcome.status.code, 7);
  ASSERT_FALSE(outcome.output.empty());
  EXPECT_TRUE(test::ends(std::stol(outcome.output)));
}

TEST(ProcessTree, AProcessEndsAfterItsParentWithWhatItHasStarted) {
  const auto child = ChildProcess::start(PROBE, {"parent-of-one-that-starts-another"});
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  for (int i = 0; i < 2; ++i) {
    std::string line;
    ASSERT_EQ(child->read_line(line, until), ChildProcess::Read::line);
    EXPECT_TRUE(test::ends(std::stol(line))) << i;
  }
}

TEST(ProcessTree, OneThatAnotherProgramHasStartedOutlivesIt) {
  // The pipe outlives the probe too, which ChildProcess does not wait for.
  const auto child = ChildProcess::start("/bin/sh", {"-c", PROBE " outlives-a-stranger | cat"});
  std::string line;
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  ASSERT_EQ(child->read_line(line, until), ChildProcess::Read::line);
  EXPECT_EQ(line, "lives");
}

TEST(ProcessTree, OthersInAGroupThatAShellHasMadeLiveOn) {
  EXPECT_EQ(test::probe("leads-a-group-with-another").output, "lives\n");
}

TEST(ProcessTree, WhatAChildHasLeftBehindIsEnded) {
  const test::Outcome outcome = test::probe("ends-what-a-child-left");
  ASSERT_FALSE(outcome.output.empty());
  EXPECT_TRUE(test::ends(std::stol(outcome.output)));
}

TEST(ProcessTree, WhoeverEndsAProcessEndsItsChildrenToo) {
  const auto child = ChildProcess::start(PROBE, {"waits-for-a-child"}, {.whole_tree = true});
  std::string line;
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  ASSERT_EQ(child->read_line(line, until), ChildProcess::Read::line);
  child->kill();
  EXPECT_TRUE(test::ends(std::stol(line)));
}

}  // namespace
}  // namespace koshin
