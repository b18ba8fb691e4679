// SPDX-License-Identifier: MIT
// A window where nobody does anything, or that nobody looks at any more.
#include "ui-bridge/desk/attendance.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace koshin::ui {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class AttendanceTest : public testing::Test {
 protected:
  static constexpr milliseconds never = seconds(3600);

  Attendance attendance(milliseconds idle_timeout, milliseconds reload_time) {
    return {context_, idle_timeout,
            Attendance::Surroundings{.job_runs = [this] { return job_runs_; },
                                     .is_watched = [this] { return watched_; },
                                     .warn = [this](std::optional<long> left) { warnings_.push_back(left); },
                                     .nobody_is_there = [this](Outcome outcome) { outcome_ = outcome; }},
            reload_time};
  }

  boost::asio::io_context context_;
  bool job_runs_ = false, watched_ = false;
  std::vector<std::optional<long>> warnings_;
  std::optional<Outcome> outcome_;
};

TEST_F(AttendanceTest, AnIdleWindowIsWarnedOfFirst) {
  Attendance there = attendance(milliseconds(2100), never);
  there.window_is_open();
  while (warnings_.empty() && context_.run_one() != 0) {
  }
  EXPECT_EQ(warnings_, std::vector<std::optional<long>>{1}) << "half of the time is left, in whole seconds";
  EXPECT_EQ(outcome_, std::nullopt);
  there.person_acted();
  EXPECT_EQ(warnings_.back(), std::nullopt) << "the person is there";
  context_.run();
  EXPECT_EQ(outcome_, Outcome::idle);
}

TEST_F(AttendanceTest, WhoWaitsForAJobIsNotIdle) {
  Attendance there = attendance(milliseconds(40), never);
  job_runs_ = true;
  there.window_is_open();
  context_.run_for(milliseconds(200));
  EXPECT_TRUE(warnings_.empty());
  EXPECT_EQ(outcome_, std::nullopt);
}

TEST_F(AttendanceTest, AWindowThatStaysAwayWasLeft) {
  Attendance there = attendance(never, milliseconds(20));
  there.person_acted();
  EXPECT_TRUE(there.was_seen());
  there.window_is_away();
  context_.run();
  EXPECT_EQ(outcome_, Outcome::left);
}

TEST_F(AttendanceTest, AReloadedWindowWasNotLeft) {
  Attendance there = attendance(never, milliseconds(20));
  there.person_acted();
  there.window_is_away();
  watched_ = true;
  context_.run();
  EXPECT_EQ(outcome_, std::nullopt);

  context_.restart();
  watched_ = false;
  there.window_is_away();
  there.person_acted();  // from the page that has come back
  context_.run();
  EXPECT_EQ(outcome_, std::nullopt);
}

TEST_F(AttendanceTest, ARenewalGoesOnWithoutItsWindow) {
  Attendance there = attendance(never, milliseconds(20));
  there.person_acted();
  job_runs_ = true;
  there.window_is_away();
  context_.run();
  EXPECT_EQ(outcome_, std::nullopt);
}

TEST_F(AttendanceTest, WhatNobodyHasSeenCannotBeLeft) {
  Attendance there = attendance(never, milliseconds(20));
  there.window_is_away();
  context_.run();
  EXPECT_EQ(outcome_, std::nullopt);
}

TEST_F(AttendanceTest, TellsNothingOnceItWasStopped) {
  Attendance there = attendance(milliseconds(20), milliseconds(20));
  there.window_is_open();
  there.person_acted();
  there.window_is_away();
  warnings_.clear();
  there.stop();
  context_.run();
  EXPECT_TRUE(warnings_.empty());
  EXPECT_EQ(outcome_, std::nullopt);
}

}  // namespace
}  // namespace koshin::ui
