// SPDX-License-Identifier: MIT
// Whose a certificate is among several banks, and what follows for choices, decisions and records.
#include "claims_fixture.hpp"

namespace koshin::renewal {
namespace {

using messages::TokenReport;
using test::at;
using test::token_with;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(Claims, ACertificateIsTheBanksThatAloneClaimsIt) {
  const auto token = assigned({issued_by("Sakura", "aa", "2026-12-01T00:00:00Z"),
                               issued_by("Ume", "bb", "2026-12-02T00:00:00Z"),
                               issued_by("Momo", "cc", "2026-12-03T00:00:00Z")});
  EXPECT_EQ(token.certificates[0].bank, "sakura");
  EXPECT_EQ(token.certificates[1].bank, "ume");
  EXPECT_TRUE(token.certificates[2].unclaimed);
  EXPECT_TRUE(is_ours(token.certificates[0], banks_[0].expect));
  EXPECT_FALSE(is_ours(token.certificates[0], banks_[1].expect));
  EXPECT_FALSE(is_ours(token.certificates[2], banks_[0].expect));
}

TEST_F(Claims, EachBankChoosesAmongItsOwn) {
  const auto token = assigned(
      {issued_by("Sakura", "aa", "2026-12-01T00:00:00Z"), issued_by("Ume", "bb", "2026-12-01T00:00:00Z")});
  ASSERT_NE(choose(token, 0).certificate, nullptr) << "two that expire at once are no riddle here";
  EXPECT_EQ(choose(token, 0).certificate->sha256, "aa");
  ASSERT_NE(choose(token, 1).certificate, nullptr);
  EXPECT_EQ(choose(token, 1).certificate->sha256, "bb");
  EXPECT_EQ(decision(token, 0).certificate->sha256, "aa");
  EXPECT_EQ(decision(token, 1).certificate->sha256, "bb");
}

TEST_F(Claims, NobodyRenewsWhatTwoBanksClaim) {
  banks_[1].expect.issuer_pattern = ".*";
  share_claims();
  const auto token = assigned({issued_by("Sakura", "aa", "2026-12-01T00:00:00Z")});
  EXPECT_THAT(token.certificates[0].disputed, ElementsAre("sakura", "ume"));
  EXPECT_EQ(token.certificates[0].bank, "");
  for (const std::size_t bank : {0U, 1U}) {
    for (const char* named : {"", "aa"}) {
      const Choice choice = choose(token, bank, named);
      EXPECT_EQ(choice.certificate, nullptr);
      ASSERT_TRUE(choice.failure.has_value());
      EXPECT_EQ(choice.failure->reason, Reason::bank_ambiguous);
      EXPECT_THAT(choice.failure->detail, HasSubstr("sakura, ume"));
    }
  }
  EXPECT_EQ(decision(token, 0).decision, Decision::due) << "the person is told, once";
  EXPECT_EQ(decision(token, 0).act_unattended_from, std::nullopt);
  EXPECT_EQ(decision(token, 1).decision, Decision::nothing_of_ours);
}

TEST_F(Claims, WhatIsDisputedIsToldOfBesideOneThatIsNotDue) {
  banks_[1].expect.issuer_pattern = "CN=(Ume|Sakura) CA.*";
  banks_[0].expect.issuer_pattern = "CN=(Ume|Sakura|Momo) CA.*";
  share_claims();
  auto own = issued_by("Momo", "cc", "2027-10-01T00:00:00Z");
  auto umes = issued_by("Plum", "dd", "2027-11-01T00:00:00Z");
  banks_[1].expect.issuer_pattern = "CN=(Ume|Sakura|Plum) CA.*";
  share_claims();
  const auto token = assigned({own, umes, issued_by("Sakura", "aa", "2026-12-01T00:00:00Z")});
  EXPECT_EQ(choose(token, 0).failure->reason, Reason::bank_ambiguous);
  EXPECT_EQ(choose(token, 1).failure->reason, Reason::not_due) << "it is told once";
  const auto later = assigned({own, umes, issued_by("Sakura", "aa", "2027-09-01T00:00:00Z")});
  EXPECT_EQ(choose(later, 0).failure->reason, Reason::not_due);
  EXPECT_EQ(decision(later, 0).decision, Decision::not_due);
}

/// The first claimant has a certificate to be renewed in twelve days to speak of; the disputed one would
/// expire before.
TEST_F(Claims, WhatIsDisputedIsToldByAClaimantThatHasNothingElseToTell) {
  banks_[0].expect.issuer_pattern = "CN=.* CA.*";
  share_claims();
  const auto token = assigned(
      {issued_by("Sakura", "aa", "2026-12-04T00:00:00Z"), issued_by("Ume", "bb", "2026-11-25T00:00:00Z")});
  EXPECT_EQ(decision(token, 0).decision, Decision::due);
  EXPECT_EQ(decision(token, 0).certificate->sha256, "aa");
  EXPECT_EQ(decision(token, 1).decision, Decision::due);
  EXPECT_EQ(decision(token, 1).certificate->sha256, "bb");
  EXPECT_EQ(decision(token, 1).act_unattended_from, std::nullopt);
}

TEST_F(Claims, OnOtherTokensABankClaimsNothing) {
  banks_[0].expect.token_uri = "pkcs11:token=another";
  share_claims();
  const auto token = assigned({issued_by("Sakura", "aa", "2026-12-01T00:00:00Z")});
  EXPECT_TRUE(token.certificates[0].unclaimed);
  EXPECT_THAT(choose(token, 0).failure->detail, HasSubstr("expect.token_uri"));
  banks_[0].expect.token_uri = "pkcs11:token=demo;serial=0123456789abcdef";
  share_claims();
  EXPECT_EQ(assigned({issued_by("Sakura", "aa", "2026-12-01T00:00:00Z")}).certificates[0].bank, "sakura");
}

TEST_F(Claims, OneBankWithoutANameClaimsWhatItsSettingsExpect) {
  Settings alone;
  alone.expect.issuer_pattern = "CN=Sakura CA.*";
  auto token = token_with(
      {issued_by("Sakura", "aa", "2026-12-01T00:00:00Z"), issued_by("Ume", "bb", "2026-12-01T00:00:00Z")});
  token.certificates[0].bank = "of other settings";
  assign_banks(token, claims_of(alone));
  EXPECT_EQ(token.certificates[0].bank, "");
  EXPECT_TRUE(is_ours(token.certificates[0], alone.expect));
  EXPECT_TRUE(token.certificates[1].unclaimed);
}

TEST_F(Claims, OnlyWhatLogsInIsClaimed) {
  auto signature = issued_by("Sakura", "aa", "2026-12-01T00:00:00Z");
  signature.purpose = messages::Purpose::signature;
  const auto token = assigned({signature});
  EXPECT_EQ(token.certificates[0].bank, "");
  EXPECT_FALSE(token.certificates[0].unclaimed);
}

TEST_F(Claims, ARecordIsOfTheBankThatItNamesElseOfThatOfItsCertificate) {
  const auto token = assigned({issued_by("Ume", "bb", "2026-12-01T00:00:00Z")});
  Record record;
  record.bank = "sakura";
  EXPECT_EQ(bank_of(record, token, banks_[0]), "sakura");
  record.bank = "a bank that the settings had once";
  record.old_sha256 = "bb";
  EXPECT_EQ(bank_of(record, token, banks_[0]), "ume");
  record.bank.clear();
  EXPECT_EQ(bank_of(record, token, banks_[0]), "ume");
  EXPECT_FALSE(is_of_bank(record, token, banks_[0]));
  EXPECT_TRUE(is_of_bank(record, token, banks_[1]));
  record.old_sha256 = "gone";
  EXPECT_EQ(bank_of(record, token, banks_[0]), "sakura") << "the first, where nothing tells";
  EXPECT_THAT(of_bank({record}, token, banks_[1]), IsEmpty());
}

TEST_F(Claims, ARecordOfABankThatHasLeftTheSettingsIsNoOtherBanks) {
  const auto token = assigned({issued_by("Momo", "cc", "2026-12-01T00:00:00Z")});
  Record record;
  record.bank = "momo";
  record.old_sha256 = "cc";
  record.state = State::written;
  for (const messages::TokenReport& seen : {token, messages::TokenReport{}}) {
    EXPECT_EQ(bank_of(record, seen, banks_[0]), "momo");
    EXPECT_FALSE(is_of_bank(record, seen, banks_[0]));
    EXPECT_FALSE(is_of_bank(record, seen, banks_[1]));
  }
}

TEST_F(Claims, BankNamesThatArePutRightCountUntilTheRequestIsSent) {
  const auto token = assigned({issued_by("Ume", "bb", "2026-12-01T00:00:00Z")});
  Record record;
  record.bank = "sakura";
  record.old_sha256 = "bb";
  record.state = State::requested;
  EXPECT_EQ(bank_of(record, token, banks_[0]), "ume");
  record.pair_sent = true;
  EXPECT_EQ(bank_of(record, token, banks_[0]), "sakura");
  record.pair_sent = false;
  record.state = State::issued;
  EXPECT_EQ(bank_of(record, token, banks_[0]), "sakura");
}

TEST_F(Claims, ATokenUriOfABankLeavesOtherTokensOut) {
  messages::TokenReport token;
  token.label = "Ume Token";
  EXPECT_TRUE(may_mean(banks_[0], token));
  banks_[0].token.uri = "pkcs11:token=Ume%20Token?pin-source=file:/etc/pin";
  EXPECT_TRUE(may_mean(banks_[0], token));
  banks_[0].token.uri = "pkcs11:token=Sakura%20Token?pin-source=file:/etc/pin";
  EXPECT_FALSE(may_mean(banks_[0], token));
  banks_[0].token.uri = "pkcs11:slot-id=3";
  EXPECT_TRUE(may_mean(banks_[0], token)) << "which slot that is only the module knows";
}

TEST_F(Claims, AnotherBanksUnfinishedRenewalKeepsNobodyWaiting) {
  auto old = issued_by("Sakura", "aa", "2026-12-01T00:00:00Z");
  const auto token = assigned({old, issued_by("Ume", "bb", "2026-12-01T00:00:00Z")});
  Record record;
  record.bank = "sakura";
  record.old_sha256 = "aa";
  record.state = State::requested;
  EXPECT_EQ(decision(token, 0, &record).decision, Decision::resume_unfinished);
  EXPECT_EQ(decision(token, 1, &record).decision, Decision::due);
}

TEST_F(Claims, AKeyBesideAnotherBanksCertificateIsNoRiddle) {
  auto token = assigned({issued_by("Ume", "bb", "2027-10-01T00:00:00Z")});
  token.private_objects_hidden = true;
  token.keys_without_certificate.push_back({"01", "", "ec-p256", false, false, {}, {}});
  EXPECT_EQ(decision(token, 0).decision, Decision::nothing_of_ours);
  auto blank = assigned({});
  blank.private_objects_hidden = true;
  blank.keys_without_certificate = token.keys_without_certificate;
  EXPECT_EQ(decision(blank, 0).decision, Decision::cannot_be_told) << "the first bank asks for all";
  EXPECT_EQ(decision(blank, 1).decision, Decision::nothing_of_ours);
}

TEST_F(Claims, WhatIsRememberedIsToldOncePerBankThatTheSettingsHave) {
  TokenMemory before, of_sakura, of_none;
  before.token.serial = of_sakura.token.serial = of_none.token.serial = "1";
  of_sakura.bank = "sakura";
  of_none.bank = "gone";
  TokenMemory other;
  other.token.serial = "2";
  const auto kept = of_banks({before, of_sakura, of_none, other}, banks_[0]);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].bank, "sakura");
  EXPECT_EQ(kept[1].token.serial, "2") << "from before the banks had names";
}

}  // namespace
}  // namespace koshin::renewal
