// SPDX-License-Identifier: MIT
// What a look with the PIN has found, while a token shows less.
#include "renewal/policy/recall.hpp"

#include "decision_fixture.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::KeyState;
using messages::TokenReport;
using test::at;
using test::certificate;

/// The token is what shows without the PIN; seen() is what a look with it finds.
class Recall : public Deciding {
 protected:
  Recall() {
    memory = {};
    memory.label = "demo";
    token = test::token_with({});
    token.private_objects_hidden = true;
  }
  /// Shows only with the PIN.
  void hide(CertificateReport one) {
    one.is_private = true;
    hidden_.push_back(std::move(one));
  }
  void show(CertificateReport one, KeyState with_pin = KeyState::present) {
    keys_with_pin_.push_back(with_pin);
    one.key_state = KeyState::unknown;
    token.certificates.push_back(std::move(one));
  }
  void show_key(const std::string& id) {
    token.keys_without_certificate.push_back({id, "key", "ec-p256", false, false, {}, {}});
  }
  TokenReport seen(std::string_view when) const {
    TokenReport all = token;
    all.private_objects_hidden = false;
    for (std::size_t i = 0; i < all.certificates.size(); ++i)
      all.certificates[i].key_state = keys_with_pin_[i];
    all.certificates.insert(all.certificates.end(), hidden_.begin(), hidden_.end());
    std::erase_if(all.keys_without_certificate,
                  [&](const auto& key) { return find_key(all.certificates, key.key_id); });
    assign_lineages(all, {}, at(when));
    return all;
  }
  void look(std::string_view when) { memory.snapshot = Snapshot{at(when), seen(when)}; }

 private:
  static bool find_key(const std::vector<CertificateReport>& all, const std::string& id) {
    for (const auto& one : all)
      if (one.key_id == id) return true;
    return false;
  }
  std::vector<CertificateReport> hidden_;
  std::vector<KeyState> keys_with_pin_;
};

CertificateReport of_another_issuer(const std::string& sha256, std::string_view not_after) {
  auto one = certificate(sha256, not_after);
  one.issuer_key = "key:02";
  return one;
}

TEST_F(Recall, AHiddenOneThatIsDueIsToldOfWhateverElseShows) {
  auto ours = certificate("aa", expiry);
  ours.key_id = "01";
  hide(ours);
  show(of_another_issuer("vpn", "2027-09-01T00:00:00Z"));
  show_key("01");
  const Verdict unseen = decide_at("2026-11-20T00:00:00Z", Trigger::insertion);
  EXPECT_EQ(unseen.decision, Decision::cannot_be_told);
  EXPECT_TRUE(unseen.notify) << "whose key shows there is not known";
  look("2026-11-01T00:00:00Z");
  const Verdict early = decide_at("2026-11-02T00:00:00Z", Trigger::insertion);
  EXPECT_EQ(early.decision, Decision::not_due);
  EXPECT_EQ(early.look_again, at("2026-11-15T10:00:00Z"));
  const Verdict due = decide_at("2026-11-20T00:00:00Z");
  EXPECT_EQ(due.decision, Decision::due);
  ASSERT_NE(due.certificate, nullptr);
  EXPECT_EQ(due.certificate->sha256, "aa");
  EXPECT_TRUE(due.certificate->recalled);
  EXPECT_TRUE(due.notify);
}

TEST_F(Recall, AWhollyPrivateTokenIsOursOnceItWasSeen) {
  hide(certificate("aa", expiry));
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::nothing_of_ours);
  look("2026-11-01T00:00:00Z");
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::due);
  EXPECT_EQ(decide_at("2027-11-20T00:00:00Z").decision, Decision::cannot_be_told)
      << "it was seen when it was valid; what came after it may be hidden too";
  look("2027-11-19T00:00:00Z");
  EXPECT_EQ(decide_at("2027-11-20T00:00:00Z").decision, Decision::reissue_needed) << "seen expired";
}

TEST_F(Recall, ASuccessorThatOnlyThePinShowsKeepsTheOldOneSilent) {
  show(certificate("aa", expiry));
  hide(certificate("bb", "2027-10-01T00:00:00Z"));
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::due);
  look("2026-11-20T00:00:00Z");
  EXPECT_EQ(decide_at("2026-11-21T00:00:00Z").decision, Decision::not_due);
}

TEST_F(Recall, WhatShowsNowAndCameAfterWhatWasSeenTakesItsPlace) {
  hide(certificate("aa", expiry));
  show(of_another_issuer("vpn", "2027-09-01T00:00:00Z"));
  look("2026-11-01T00:00:00Z");
  show(certificate("bb", "2027-11-01T00:00:00Z"));
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::not_due);
}

TEST_F(Recall, ACopyWithoutItsKeySendsNobodyToAReissue) {
  show(certificate("aa", "2027-09-01T00:00:00Z"));
  auto colleague = certificate("cc", "2026-11-17T00:00:00Z", "user0002");
  colleague.has_public_key = false;
  show(colleague, KeyState::missing);
  const Verdict verdict = decide_at("2026-11-20T00:00:00Z", Trigger::insertion);
  EXPECT_EQ(verdict.decision, Decision::cannot_be_told);
  EXPECT_TRUE(verdict.notify);
  EXPECT_EQ(decide_at("2026-11-10T00:00:00Z").decision, Decision::cannot_be_told) << "and while it is due";
  look("2026-11-20T00:00:00Z");
  EXPECT_EQ(decide_at("2026-11-21T00:00:00Z").decision, Decision::not_due) << "the PIN has shown it";
}

TEST_F(Recall, WhoseKeyCannotBeToldIsAskedAboutBeforeAReissue) {
  auto alone = certificate("aa", "2026-11-01T00:00:00Z");
  alone.has_public_key = false;
  show(alone);
  EXPECT_EQ(decide_at("2026-10-20T00:00:00Z").decision, Decision::due) << "this token shows no public keys";
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::cannot_be_told);
  look("2026-11-20T00:00:00Z");
  EXPECT_EQ(decide_at("2026-11-21T00:00:00Z").decision, Decision::reissue_needed);
}

TEST_F(Recall, AKeyThatBelongsToNothingIsAskedAboutOnceAndAgainOnlyWhenItIsAnotherOne) {
  show(certificate("aa", "2027-09-01T00:00:00Z"));
  show_key("0b");
  const Verdict asked = decide_at("2026-11-20T00:00:00Z", Trigger::insertion);
  EXPECT_EQ(asked.decision, Decision::cannot_be_told);
  EXPECT_TRUE(asked.notify);
  memory.last_notified = at("2026-11-20T00:00:00Z");
  EXPECT_FALSE(decide_at("2026-11-25T00:00:00Z", Trigger::insertion).notify);
  look("2026-11-25T00:00:00Z");
  EXPECT_EQ(decide_at("2026-11-26T00:00:00Z").decision, Decision::not_due);
  show_key("0c");
  EXPECT_EQ(decide_at("2026-11-26T00:00:00Z").decision, Decision::cannot_be_told);
}

TEST_F(Recall, ALookAtAnotherTokenWithThisSerialNumberSaysNothing) {
  hide(certificate("aa", expiry));
  look("2026-11-01T00:00:00Z");
  token.label = "another";
  EXPECT_TRUE(recalled(token, &memory, at("2026-11-20T00:00:00Z")).certificates.empty());
}

TEST_F(Recall, ARecordOfWhichALookSinceHasFoundNothingIsNotGoneOnWith) {
  show(certificate("bb", "2027-09-01T00:00:00Z"));
  Record record;
  record.token = memory.token = token_key(token);
  record.token_label = "demo";
  record.state = State::requested;
  record.old_sha256 = "aa";
  record.key_id = {7};
  record.changed = at("2026-11-10T00:00:00Z");
  unfinished = record;
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::resume_unfinished) << "nobody has looked";
  look("2026-11-09T00:00:00Z");
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::resume_unfinished) << "a look before it";
  look("2026-11-19T00:00:00Z");
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::not_due);
  EXPECT_TRUE(key_seen_to_be_gone(record, &memory));
  show_key("07");
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::resume_unfinished) << "it shows";
}

TEST_F(Recall, WhereTheSerialNumberSaysNothingALookAtATwinDoesNotMakeARecordGone) {
  Record record;
  record.state = State::generated;
  record.old_sha256 = "aa";
  record.key_id = {0x01};
  record.changed = at("2026-11-01T00:00:00Z");
  record.token_label = token.label;
  show(certificate("twin's", "2027-09-01T00:00:00Z"));
  look("2026-11-02T00:00:00Z");
  record.token = memory.token = token_key(token);
  EXPECT_TRUE(seen_to_be_gone(record, &memory)) << "the serial number says that it was this token";
  token.serial = memory.snapshot->report.serial = "0000";
  record.token = memory.token = token_key(token);
  EXPECT_FALSE(seen_to_be_gone(record, &memory));
  EXPECT_FALSE(key_seen_to_be_gone(record, &memory));
}

TEST_F(Recall, WhereTheSerialNumberSaysNothingWhatWasSeenInAnotherSlotIsNotRecalled) {
  hide(certificate("aa", expiry));
  token.serial = "0000";
  token.slot_description = "Reader A";
  look("2026-11-01T00:00:00Z");
  EXPECT_NE(snapshot_of(token, &memory), nullptr);
  token.slot_description = "Reader B";
  EXPECT_EQ(snapshot_of(token, &memory), nullptr);
  token.serial = memory.snapshot->report.serial = "0123";
  EXPECT_NE(snapshot_of(token, &memory), nullptr) << "a token of its own serial number was moved";
}

TEST_F(Recall, WhatWasPublicAndIsGoneIsNotRecalled) {
  show(certificate("aa", expiry));
  look("2026-11-01T00:00:00Z");
  token.certificates.clear();
  EXPECT_TRUE(recalled(token, &memory, at("2026-11-20T00:00:00Z")).certificates.empty());
}

TEST_F(Recall, ADecisionIsKeptWithTheCertificateItIsAbout) {
  show(certificate("aa", expiry));
  keep_decision(memory, decide_at("2026-11-20T00:00:00Z"));
  EXPECT_EQ(memory.last_decision, "due");
  EXPECT_EQ(memory.certificate_sha256, "aa");
  EXPECT_EQ(memory.not_after, at(expiry));
  keep_decision(memory, {});
  EXPECT_EQ(memory.certificate_sha256, "");
  EXPECT_FALSE(memory.not_after.has_value());
}

}  // namespace
}  // namespace koshin::renewal
