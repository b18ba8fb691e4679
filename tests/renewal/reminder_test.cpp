// SPDX-License-Identifier: MIT
// Reminders of tokens that are not inserted: by date, once for each threshold, and not of what was replaced.
#include "renewal/policy/reminder.hpp"

#include <gtest/gtest.h>

#include "renewal/policy/decision.hpp"

namespace koshin::renewal {
namespace {

using std::chrono::days;
using std::chrono::hours;

const TimePoint expiry = parse_rfc3339("2027-03-31T12:00:00Z").value();

TimePoint before(int left) {
  return expiry - days{left};
}

class ReminderTest : public testing::Test {
 protected:
  ReminderTest() {
    memory_.certificate_sha256 = "aa";
    memory_.not_after = expiry;
    memory_.last_decision = to_string(Decision::not_due);
    for (const char* before_expiry : {"P28D", "P7D", "P3D", "P2D", "P1D"})
      settings_.reminders.thresholds.push_back(CalendarDuration::parse(before_expiry).value());
  }
  std::string threshold_at(TimePoint now) const {
    const auto reminder = reminder_due(memory_, records_, settings_, now);
    return reminder ? reminder->threshold : "none";
  }
  void told(const std::string& threshold) {
    memory_.told_sha256 = memory_.certificate_sha256;
    memory_.notified_threshold = threshold;
  }

  TokenMemory memory_;
  std::vector<Record> records_;
  Settings settings_;
};

TEST_F(ReminderTest, EachThresholdIsToldOnceFromTheWindowToTheExpiry) {
  EXPECT_EQ(threshold_at(before(40)), "none");
  const std::pair<int, const char*> expected[] = {{30, "P1M"}, {28, "P28D"}, {20, "P28D"}, {7, "P7D"},
                                                  {3, "P3D"},  {2, "P2D"},   {1, "P1D"},   {-1, "expired"}};
  for (const auto& [left, name] : expected) {
    if (memory_.notified_threshold != name) {
      EXPECT_EQ(threshold_at(before(left)), name) << left;
    }
    told(name);
    EXPECT_EQ(threshold_at(before(left)), "none") << left;
  }
}

TEST_F(ReminderTest, AComputerThatWasOffTellsTheLastThresholdAlone) {
  told("P1M");
  const auto reminder = reminder_due(memory_, records_, settings_, before(2));
  ASSERT_TRUE(reminder);
  EXPECT_EQ(reminder->threshold, "P2D");
  EXPECT_EQ(reminder->days_left, 2);
}

TEST_F(ReminderTest, ThresholdsAreThoseOfTheBank) {
  settings_.reminders.thresholds = {CalendarDuration::parse("P10D").value()};
  told("P1M");
  EXPECT_EQ(threshold_at(before(11)), "none");
  EXPECT_EQ(threshold_at(before(10)), "P10D");
}

TEST_F(ReminderTest, WhatWasToldOfAnEarlierCertificateIsNotTakenForThisOne) {
  memory_.told_sha256 = "bb";
  memory_.notified_threshold = "P1D";
  EXPECT_EQ(threshold_at(before(20)), "P28D");
}

TEST_F(ReminderTest, NothingIsToldOfACertificateThatWasRenewed) {
  Record record;
  record.old_sha256 = "aa";
  record.state = State::written;
  records_ = {record};
  EXPECT_EQ(threshold_at(before(5)), "P7D");
  records_.front().state = State::completed;
  EXPECT_EQ(threshold_at(before(5)), "none");
  records_.front().old_sha256 = "cc";
  EXPECT_EQ(threshold_at(before(5)), "P7D");
}

TEST_F(ReminderTest, OnlyADecisionAboutAnExpiryIsWorthAReminder) {
  for (const Decision decision : {Decision::nothing_of_ours, Decision::proof_left, Decision::key_missing,
                                  Decision::certificate_missing}) {
    memory_.last_decision = to_string(decision);
    EXPECT_EQ(threshold_at(before(5)), "none") << memory_.last_decision;
  }
  for (const Decision decision : {Decision::due, Decision::snoozed, Decision::resume_unfinished,
                                  Decision::pending_at_authority, Decision::reissue_needed}) {
    memory_.last_decision = to_string(decision);
    EXPECT_EQ(threshold_at(before(5)), "P7D") << memory_.last_decision;
  }
  memory_.last_decision = "a decision of a later version";
  EXPECT_EQ(threshold_at(before(5)), "none");
}

TEST_F(ReminderTest, WhatExpiredLongAgoIsLeftAlone) {
  EXPECT_EQ(threshold_at(before(-20)), "expired");
  EXPECT_EQ(threshold_at(before(-40)), "none");
}

TEST_F(ReminderTest, AMemoryWithoutADateOrACertificateIsNotWorthOne) {
  memory_.not_after.reset();
  EXPECT_EQ(threshold_at(before(5)), "none");
  memory_.not_after = expiry;
  memory_.certificate_sha256.clear();
  EXPECT_EQ(threshold_at(before(5)), "none");
}

TEST_F(ReminderTest, AMailThatDidNotGoOutIsTriedForAWeek) {
  const auto worth = [&](TimePoint now) { return is_mail_worth_a_try(memory_, records_, settings_, now); };
  told("P7D");
  EXPECT_FALSE(worth(before(7))) << "nobody was told yet";
  memory_.last_notified = before(7);
  EXPECT_TRUE(worth(before(7)));
  EXPECT_TRUE(worth(before(1)));
  EXPECT_TRUE(worth(before(8))) << "the clock was set back";
  EXPECT_FALSE(worth(before(0)));
  memory_.told_sha256 = "bb";
  EXPECT_FALSE(worth(before(6))) << "the mail belongs to another certificate";
}

TEST_F(ReminderTest, NoMailIsTriedAgainForWhatConcernsNobodyAnyMore) {
  told("P7D");
  memory_.last_notified = before(7);
  Record record;
  record.state = State::completed;
  record.old_sha256 = memory_.certificate_sha256;
  records_.push_back(record);
  EXPECT_FALSE(is_mail_worth_a_try(memory_, records_, settings_, before(6))) << "it was renewed";
  records_.clear();
  memory_.last_decision = to_string(Decision::proof_left);
  EXPECT_FALSE(is_mail_worth_a_try(memory_, records_, settings_, before(6)));
}

}  // namespace
}  // namespace koshin::renewal
