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

}  // namespace
}  // namespace koshin
