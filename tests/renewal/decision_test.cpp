// SPDX-License-Identifier: MIT
// What the agent decides: a table of situations, then reminders, snoozing and the unattended spread.
#include "renewal/policy/decision.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "decision_fixture.hpp"
#include "renewal/policy/proof_consequences.hpp"

namespace koshin::renewal {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using test::at;
using test::certificate;
using test::token_with;

struct Situation {
  const char* name;
  Decision expected;
  const char* now;
  std::function<void(messages::TokenReport&, Settings&, TokenMemory&)> arrange;
};

class Table : public Deciding, public ::testing::WithParamInterface<Situation> {};

TEST_P(Table, GivesTheDecision) {
  if (GetParam().arrange) GetParam().arrange(token, settings, memory);
  const Verdict verdict = decide_at(GetParam().now);
  EXPECT_EQ(to_string(verdict.decision), to_string(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    Situations, Table,
    ::testing::Values(Situation{"not_due", Decision::not_due, "2026-11-15T09:59:59Z", {}},
                      Situation{"due", Decision::due, "2026-11-15T10:00:00Z", {}},
                      Situation{"due_to_the_last_second", Decision::due, expiry, {}},
                      Situation{"expired", Decision::reissue_needed, "2026-12-15T10:00:01Z", {}},
                      Situation{"expired_in_grace", Decision::expired_in_grace, "2026-12-15T10:00:01Z",
                                [](auto&, auto& settings, auto&) { settings.renewal.grace.days = 1; }},
                      Situation{"snoozed", Decision::snoozed, "2026-11-20T00:00:00Z",
                                [](auto&, auto&, auto& memory) {
                                  memory.snoozed_at = at("2026-11-19T00:00:00Z");
                                  memory.notified_threshold = "P28D";
                                }},
                      Situation{"certificate_missing", Decision::certificate_missing, "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto&) { token.certificates.clear(); }},
                      Situation{"somebody_elses", Decision::nothing_of_ours, "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto& memory) {
                                  token.certificates.clear();
                                  memory.told_sha256.clear();
                                }},
                      Situation{"key_missing", Decision::key_missing, "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto&) {
                                  token.certificates.front().key_state = messages::KeyState::missing;
                                }},
                      Situation{"private_certificate", Decision::cannot_be_told, "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto& memory) {
                                  token.certificates.clear();
                                  token.private_objects_hidden = true;
                                  memory.told_sha256.clear();
                                }},
                      Situation{"private_certificate_that_was_known", Decision::cannot_be_told,
                                "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto&) {
                                  token.certificates.clear();
                                  token.keys_without_certificate.clear();
                                  token.private_objects_hidden = true;
                                }},
                      Situation{"expired_beside_a_key_of_its_own", Decision::cannot_be_told,
                                "2026-12-20T00:00:00Z",
                                [](auto& token, auto&, auto&) { token.private_objects_hidden = true; }},
                      Situation{"new_token", Decision::nothing_of_ours, "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto& memory) {
                                  token.certificates.clear();
                                  token.keys_without_certificate.clear();
                                  token.private_objects_hidden = true;
                                  memory.told_sha256.clear();
                                }},
                      Situation{"known_by_another_label", Decision::nothing_of_ours, "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto& memory) {
                                  token.certificates.clear();
                                  memory.label = "another token of the same serial number";
                                }},
                      Situation{"only_unreadable", Decision::certificate_missing, "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto&) {
                                  token.certificates.front().purpose = messages::Purpose::unreadable;
                                }},
                      Situation{"key_hidden_without_pin", Decision::due, "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto&) {
                                  token.certificates.front().key_state = messages::KeyState::unknown;
                                }},
                      Situation{"renewed_already", Decision::not_due, "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto&) {
                                  token.certificates.front().replaced_by = "bb";
                                  token.certificates.push_back(certificate("bb", "2027-11-18T00:00:00Z"));
                                }},
                      Situation{"two_due_at_once", Decision::due, "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto&) {
                                  token.certificates.push_back(certificate("bb", expiry, "user0002"));
                                }},
                      Situation{"clock_behind", Decision::not_due, "2020-01-01T00:00:00Z", {}},
                      Situation{"unreadable", Decision::nothing_of_ours, "2026-11-20T00:00:00Z",
                                [](auto& token, auto&, auto&) { token.trouble = "token_error"; }}),
    [](const auto& test) { return test.param.name; });

TEST_F(Deciding, TellsOfWhatHasExpiredBesideAnotherIssuersValidOne) {
  token.keys_without_certificate.clear();
  token.certificates.push_back(certificate("bb", "2027-09-24T00:00:00Z"));
  token.certificates.back().issuer_key = "key:02";
  const Verdict verdict = decide_at("2026-12-20T00:00:00Z");
  EXPECT_EQ(verdict.decision, Decision::reissue_needed);
  ASSERT_NE(verdict.certificate, nullptr);
  EXPECT_EQ(verdict.certificate->sha256, "aa");
  settings.reminders.daily = false;
  EXPECT_EQ(decide_at("2026-12-20T00:00:00Z").look_again, at("2027-08-24T00:00:00Z"))
      << "and the other one is told of when its time has come";
}

TEST_F(Deciding, NotDueLooksAgainWhenTheWindowBegins) {
  const Verdict verdict = decide_at("2026-05-01T00:00:00Z");
  EXPECT_EQ(verdict.look_again, at("2026-11-15T10:00:00Z"));
  EXPECT_FALSE(verdict.notify);
  EXPECT_EQ(verdict.days_left, 228);
  EXPECT_FALSE(verdict.act_unattended_from.has_value());
}

TEST_F(Deciding, EveryInsertionNotifiesAndEndsASnooze) {
  memory.snoozed_at = at("2026-11-19T23:00:00Z");
  memory.last_notified = at("2026-11-19T23:00:00Z");
  memory.notified_threshold = "P28D";
  EXPECT_FALSE(decide_at("2026-11-20T00:00:00Z").notify);
  const Verdict inserted = decide_at("2026-11-20T00:00:00Z", Trigger::insertion);
  EXPECT_EQ(inserted.decision, Decision::due);
  EXPECT_TRUE(inserted.notify);
  EXPECT_TRUE(inserted.snooze_over);
  EXPECT_FALSE(inserted.new_threshold);
}

TEST_F(Deciding, ASnoozeEndsWhenExpiryComesNearer) {
  memory.snoozed_at = at("2026-11-19T00:00:00Z");
  memory.notified_threshold = "P28D";
  const Verdict verdict = decide_at("2026-12-08T10:00:00Z");
  EXPECT_EQ(verdict.decision, Decision::due);
  EXPECT_TRUE(verdict.notify);
  EXPECT_EQ(verdict.threshold, "P7D");
}

TEST_F(Deciding, OnceADayWhileTheTokenStaysIn) {
  memory.last_notified = at("2026-11-20T08:00:00Z");
  memory.notified_threshold = "P28D";
  const Verdict early = decide_at("2026-11-21T07:59:59Z", Trigger::wake);
  EXPECT_FALSE(early.notify);
  EXPECT_EQ(early.look_again, at("2026-11-21T08:00:00Z"));
  const Verdict next_day = decide_at("2026-11-21T08:00:00Z");
  EXPECT_TRUE(next_day.notify);
  EXPECT_EQ(next_day.look_again, at("2026-11-22T08:00:00Z"));
}

TEST_F(Deciding, WithoutDailyRemindersOnlyThresholdsCount) {
  settings.reminders.daily = false;
  memory.last_notified = at("2026-11-20T08:00:00Z");
  memory.notified_threshold = "P28D";
  const Verdict verdict = decide_at("2026-11-25T00:00:00Z");
  EXPECT_FALSE(verdict.notify);
  EXPECT_EQ(verdict.look_again, at("2026-12-08T10:00:00Z"));
  EXPECT_TRUE(decide_at("2026-12-08T10:00:00Z").notify);
}

TEST_F(Deciding, EachThresholdIsNewOncePerCertificate) {
  remembered = false;
  EXPECT_EQ(decide_at("2026-11-15T10:00:00Z").threshold, "P1M");
  EXPECT_TRUE(decide_at("2026-11-15T10:00:00Z").new_threshold);
  remembered = true;
  memory.notified_threshold = "P1M";
  EXPECT_FALSE(decide_at("2026-11-17T09:59:59Z").new_threshold);
  EXPECT_TRUE(decide_at("2026-11-17T10:00:00Z").new_threshold);
  memory.notified_threshold = "P3D";
  EXPECT_FALSE(decide_at("2026-12-08T10:00:00Z").new_threshold) << "a clock set back repeats nothing";
  memory.told_sha256 = "another";
  EXPECT_TRUE(decide_at("2026-12-08T10:00:00Z").new_threshold);
  EXPECT_EQ(decide_at("2026-12-15T10:00:01Z").threshold, "expired");
}

TEST_F(Deciding, ThresholdsBeforeTheWindowRemindOfNothing) {
  settings.reminders.thresholds = {*CalendarDuration::parse("P60D")};
  EXPECT_FALSE(decide_at("2026-10-20T00:00:00Z", Trigger::insertion).notify);
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").threshold, "P1M");
}

TEST_F(Deciding, ANotificationFromTheFutureIsTheMarkOfAWrongClock) {
  memory.last_notified = at("2030-01-01T00:00:00Z");
  memory.notified_threshold = "P28D";
  EXPECT_TRUE(decide_at("2026-11-20T00:00:00Z", Trigger::clock_change).notify);
}

TEST_F(Deciding, AnUnfinishedRenewalIsResumed) {
  for (const State state :
       {State::planned, State::generated, State::requested, State::issued, State::written}) {
    begin(state);
    EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::resume_unfinished) << to_string(state);
  }
}

TEST_F(Deciding, TheAuthorityIsNotAskedBeforeItsTime) {
  begin(State::pending);
  unfinished->ask_again = at("2026-11-20T01:00:00Z");
  const Verdict waiting = decide_at("2026-11-20T00:59:59Z", Trigger::insertion);
  EXPECT_EQ(waiting.decision, Decision::pending_at_authority);
  EXPECT_FALSE(waiting.notify);
  EXPECT_EQ(waiting.look_again, at("2026-11-20T01:00:00Z"));
  EXPECT_EQ(decide_at("2026-11-20T01:00:00Z").decision, Decision::resume_unfinished);
}

TEST_F(Deciding, ThePersonIsToldOnceThatTheAuthorityMayBeAsked) {
  begin(State::pending);
  unfinished->ask_again = at("2026-11-20T01:00:00Z");
  memory.notified_threshold = "P28D";
  memory.last_notified = at("2026-11-20T00:00:00Z");
  EXPECT_TRUE(decide_at("2026-11-20T01:00:00Z").notify) << "an hour after the last message";
  settings.reminders.daily = false;
  memory.snoozed_at = at("2026-11-19T00:00:00Z");
  EXPECT_TRUE(decide_at("2026-11-20T01:00:00Z").notify) << "the request was sent after that";
  memory.last_notified = at("2026-11-20T01:00:00Z");
  EXPECT_FALSE(decide_at("2026-11-20T02:00:00Z").notify);
}

TEST_F(Deciding, AnExpiredRequestCannotBeResumedButAnIssuedCertificateCan) {
  begin(State::requested);
  EXPECT_EQ(decide_at("2026-12-16T00:00:00Z").decision, Decision::reissue_needed);
  begin(State::issued);
  EXPECT_EQ(decide_at("2026-12-16T00:00:00Z").decision, Decision::resume_unfinished);
  begin(State::requested, true);
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::due)
      << "a code that nobody uses keeps no certificate from being renewed";
  EXPECT_EQ(decide_at("2026-12-16T00:00:00Z").decision, Decision::reissue_needed);
  begin(State::written, true);
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::resume_unfinished);
}

TEST_F(Deciding, UnattendedRenewalsAreSpreadAndAlwaysAtTheSameInstant) {
  settings.unattended.spread = *CalendarDuration::parse("P7D");
  const Verdict verdict = decide_at("2026-11-20T00:00:00Z");
  ASSERT_TRUE(verdict.act_unattended_from.has_value());
  EXPECT_GE(*verdict.act_unattended_from, at("2026-11-15T10:00:00Z"));
  EXPECT_LT(*verdict.act_unattended_from, at("2026-11-22T10:00:00Z"));
  EXPECT_EQ(decide_at("2026-11-21T00:00:00Z").act_unattended_from, verdict.act_unattended_from);

  int early = 0;
  for (int i = 0; i < 200; ++i) {
    token.serial = "serial " + std::to_string(i);
    const TimePoint from = *decide_at("2026-11-20T00:00:00Z").act_unattended_from;
    ASSERT_GE(from, at("2026-11-15T10:00:00Z"));
    ASSERT_LT(from, at("2026-11-22T10:00:00Z"));
    if (from < at("2026-11-18T22:00:00Z")) ++early;
  }
  EXPECT_GT(early, 60);
  EXPECT_LT(early, 140);
}

/// Nobody touches a token in the night: the person is told as if nothing went by itself.
TEST_F(Deciding, AKeyThatAsksForATouchIsNotRenewedWithoutAPerson) {
  auto& policies = token.certificates.front().key_policies;
  for (const auto& [touch, by_itself] :
       {std::pair{"", true}, {"never", true}, {"always", false}, {"cached", false}}) {
    policies.touch = touch;
    const Verdict verdict = decide_at("2026-11-20T00:00:00Z");
    EXPECT_EQ(verdict.act_unattended_from.has_value(), by_itself) << touch;
    EXPECT_EQ(verdict.decision, Decision::due);
    EXPECT_TRUE(verdict.notify);
  }
}

TEST_F(Deciding, ASpreadLongerThanTheWindowLeavesItsSecondHalfFree) {
  settings.unattended.spread = *CalendarDuration::parse("P1Y");
  for (int i = 0; i < 50; ++i) {
    token.serial = "serial " + std::to_string(i);
    EXPECT_LT(*decide_at("2026-11-20T00:00:00Z").act_unattended_from, at("2026-11-30T10:00:00Z"));
  }
}

TEST_F(Deciding, UnattendedRetriesPauseAsTheFailureAsked) {
  begin(State::requested);
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").act_unattended_from, at("2026-11-20T00:00:00Z"));
  unfinished->last_failure = Failure{Reason::authority_busy, "", hours{2}};
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").act_unattended_from, at("2026-11-20T02:00:00Z"));
  unfinished->last_failure = Failure{Reason::authority_unreachable, "", {}};
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").act_unattended_from, at("2026-11-20T00:10:00Z"));
  unfinished->last_failure = Failure{Reason::issued_subject_changed, "", {}};
  EXPECT_FALSE(decide_at("2026-11-20T00:00:00Z", Trigger::insertion).act_unattended_from.has_value());
  unfinished->last_failure = Failure{Reason::token_removed, "", {}};
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z", Trigger::insertion).act_unattended_from,
            at("2026-11-20T00:00:00Z"));
}

/// Where the old certificate was when the renewal stopped is not told as if it were of today.
TEST_F(Deciding, WhatStoppedTheRenewalIsTheServersAnswerAlone) {
  begin(State::written);
  unfinished->last_failure =
      Failure{Reason::proof_failed,
              with_consequences("403: not registered",
                                {ProofConsequence::tried_again, ProofConsequence::old_on_token}),
              {}};
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").detail, "403: not registered");
}

TEST_F(Deciding, WhatWasWrongTwiceIsNotAskedForAgainUnattended) {
  begin(State::requested);
  unfinished->last_failure = Failure{Reason::authority_response_invalid, "", {}};
  unfinished->wrong_answer = Reason::authority_response_invalid;
  unfinished->wrong_answers = 1;
  EXPECT_TRUE(decide_at("2026-11-20T00:00:00Z").act_unattended_from.has_value());
  unfinished->wrong_answers = 2;
  EXPECT_FALSE(decide_at("2026-11-20T00:00:00Z", Trigger::insertion).act_unattended_from.has_value());
}

TEST_F(Deciding, WhatFailedItsLogInTwiceWaitsForAPerson) {
  begin(State::written);
  unfinished->last_failure = Failure{Reason::proof_failed, "", {}};
  unfinished->wrong_answer = Reason::proof_failed;
  unfinished->wrong_answers = 1;
  EXPECT_TRUE(decide_at("2026-11-20T00:00:00Z").act_unattended_from.has_value());
  unfinished->wrong_answers = 2;
  EXPECT_FALSE(decide_at("2026-11-20T00:00:00Z").act_unattended_from.has_value());
}

TEST_F(Deciding, ANewCertificateEndsTheSnoozeOfTheOldOne) {
  memory.snoozed_at = at("2026-11-19T00:00:00Z");
  token = token_with({certificate("bb", "2027-11-20T00:00:00Z")});
  EXPECT_TRUE(decide_at("2026-11-20T00:00:00Z").snooze_over);
}

}  // namespace
}  // namespace koshin::renewal
