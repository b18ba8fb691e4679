// SPDX-License-Identifier: MIT
// What is decided about a new certificate that another computer has written to the token, and of one that
// was refused.
#include "decision_fixture.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/proof_consequences.hpp"

namespace koshin::renewal {
namespace {

using test::at;

constexpr const char* early = "2026-11-20T00:00:00Z";
constexpr const char* new_expiry = "2027-11-20T00:00:00Z";

class DecidingOnAProof : public Deciding {
 protected:
  DecidingOnAProof() {
    auto written = test::certificate("bb", new_expiry);
    written.not_before = at("2026-11-18T00:00:00Z");
    written.key_id = "6b6f7368" + std::string(32, '1');
    token.certificates.push_back(written);
    assign_lineages(token, {}, at(early));
    records.emplace();
  }
};

TEST_F(DecidingOnAProof, NothingIsLeftButToSeeItLogIn) {
  const Verdict verdict = decide_at(early, Trigger::insertion);
  EXPECT_EQ(verdict.decision, Decision::proof_left);
  ASSERT_NE(verdict.certificate, nullptr);
  EXPECT_EQ(verdict.certificate->sha256, "bb");
  EXPECT_TRUE(verdict.notify);
  EXPECT_EQ(verdict.act_unattended_from, at(early)) << "it replaces nothing that has to wait";
  EXPECT_EQ(verdict.look_again, at("2027-10-20T00:00:00Z")) << "when it is due itself";
}

TEST_F(DecidingOnAProof, ThePersonIsToldOnceAndThenAtAnInsertionAndOnceADay) {
  EXPECT_TRUE(decide_at(early).notify);
  memory.last_notified = at("2026-11-19T12:00:00Z");
  EXPECT_TRUE(decide_at(early).notify) << "that was of the old one";
  memory.told_sha256 = "bb";
  EXPECT_FALSE(decide_at("2026-11-20T12:00:00Z").notify) << "it may have logged in where it was written";
  EXPECT_FALSE(decide_at(early, Trigger::insertion).notify);
  EXPECT_TRUE(decide_at("2026-11-20T12:00:00Z", Trigger::insertion).notify);
  memory.snoozed_at = at("2026-11-19T12:00:00Z");
  memory.told_sha256 = "aa";
  EXPECT_FALSE(decide_at(early, Trigger::wake).notify);
  EXPECT_FALSE(decide_at(early, Trigger::wake).snooze_over);
  EXPECT_TRUE(decide_at(early, Trigger::insertion).snooze_over);
}

TEST_F(DecidingOnAProof, WhatThisComputerKnowsIsNotTriedAgain) {
  Record record;
  record.key_id = {0x6b, 0x6f, 0x73, 0x68};
  record.key_id.resize(20, 0x11);
  records->push_back(record);
  EXPECT_EQ(decide_at(early).decision, Decision::not_due);
}

TEST_F(DecidingOnAProof, WithoutAJournalNobodyKnowsWhoHasWrittenIt) {
  records.reset();
  EXPECT_EQ(decide_at(early).decision, Decision::not_due);
}

TEST_F(DecidingOnAProof, OnceItIsDueItselfItIsRenewedInstead) {
  EXPECT_EQ(decide_at("2027-11-01T00:00:00Z").decision, Decision::due);
}

TEST_F(DecidingOnAProof, AnotherBanksIsNotTriedAtOurs) {
  // Something of ours is there and not due; what koshin has written for another bank's user is not ours.
  token.certificates.push_back(test::certificate("cc", "2027-06-01T00:00:00Z", "user0002"));
  assign_lineages(token, {}, at(early));
  settings.expect.common_name_pattern = "user0002";
  EXPECT_EQ(decide_at(early, Trigger::insertion).decision, Decision::not_due);
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

}  // namespace
}  // namespace koshin::renewal
