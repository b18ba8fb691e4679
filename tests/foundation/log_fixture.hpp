// SPDX-License-Identifier: MIT
// A log of its own, and what it writes to standard error.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "foundation/log/log.hpp"

namespace koshin {

class LogTest : public testing::Test {
 protected:
  LogTest() {
    unsetenv("JOURNAL_STREAM");
    log::configure("koshin-test", LogLevel::info);
  }
  ~LogTest() override { unsetenv("JOURNAL_STREAM"); }

  template <class Action>
  static std::string stderr_of(Action&& action) {
    testing::internal::CaptureStderr();
    action();
    return testing::internal::GetCapturedStderr();
  }
};

}  // namespace koshin
