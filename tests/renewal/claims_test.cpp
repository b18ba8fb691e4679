// SPDX-License-Identifier: MIT
// Whose a certificate is among several banks, and what follows for choices, decisions and records.
#include "renewal/policy/claims.hpp"

#include <gmock/gmock.h>

#include "renewal/policy/decision.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::TokenReport;
using test::at;
using test::certificate;
using test::token_with;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const TimePoint now = at("2026-11-22T00:00:00Z");

CertificateReport issued_by(const std::string& issuer, const std::string& sha256,
                            std::string_view not_after) {
  auto report = certificate(sha256, not_after);
  report.issuer = "CN=" + issuer + " CA,O=" + issuer;
  report.issuer_key = "key:" + issuer;
  return report;
}

/// Of the first certificate of the token.
Record completed_at(const std::string& bank, const TokenReport& token) {
  Record record;
  record.token = token_key(token);
  record.token_label = token.label;
  record.bank = bank;
  record.old_sha256 = token.certificates.front().sha256;
  record.state = State::completed;
  return record;
}

class Claims : public ::testing::Test {
 protected:
  Claims() {
    banks_ = {bank("sakura", "CN=Sakura CA,.*"), bank("ume", "CN=Ume CA,.*")};
    share_claims();
  }
  static Settings bank(const std::string& name, const std::string& issuer) {
    Settings settings;
    settings.expect.bank = name;
    settings.expect.issuer_pattern = issuer;
    return settings;
  }
  void share_claims() {
    std::vector<Settings::Expect> claims;
    for (const Settings& one : banks_) claims.push_back(one.expect);
    for (Settings& one : banks_) one.claims = claims;
  }
  TokenReport assigned(std::vector<CertificateReport> certificates) const {
    TokenReport token = token_with(std::move(certificates));
    assign_banks(token, claims_of(banks_.front()));
    return token;
  }
  Choice choose(const TokenReport& token, std::size_t bank, std::string_view sha256 = {}) const {
    return choose_certificate(token, sha256, banks_.at(bank), now, false);
  }
  Verdict decision(const TokenReport& token, std::size_t bank, const Record* unfinished = nullptr) const {
    return decide({.token = token, .unfinished = unfinished, .settings = banks_.at(bank), .now = now});
  }
  std::vector<Settings> banks_;
};

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

/// As after a mistake in issuer_pattern: the certificate is on the token as before.
TEST_F(Claims, WhatTheSettingsNoLongerClaimIsNotGone) {
  banks_[0].expect.issuer_pattern = "CN=Sakura Bank CA.*";
  share_claims();
  auto token = assigned({issued_by("Sakura", "aa", "2026-12-01T00:00:00Z")});
  TokenMemory memory;
  memory.token = token_key(token);
  memory.label = token.label;
  memory.told_sha256 = "aa";
  const auto decided = [&](std::size_t bank, TimePoint time) {
    return decide({.token = token, .memory = &memory, .settings = banks_.at(bank), .now = time});
  };
  EXPECT_EQ(decided(0, now).decision, Decision::due);
  EXPECT_EQ(decided(0, now).certificate->sha256, "aa");
  EXPECT_EQ(decided(0, now).act_unattended_from, std::nullopt);
  EXPECT_THAT(decided(0, now).detail,
              HasSubstr("does not fit expect.issuer_pattern \"CN=Sakura Bank CA.*\""));
  EXPECT_EQ(decided(0, at("2026-09-01T00:00:00Z")).decision, Decision::not_due);
  EXPECT_EQ(decided(0, at("2026-12-02T00:00:00Z")).decision, Decision::reissue_needed);
  memory.told_sha256.clear();
  const std::vector<Record> records{completed_at("sakura", token)};
  const auto by_journal = [&](std::size_t bank) {
    return decide({.token = token, .settings = banks_.at(bank), .now = now, .records = &records}).decision;
  };
  EXPECT_EQ(by_journal(0), Decision::due);
  EXPECT_NE(by_journal(1), Decision::due) << "it was never a certificate of this bank";
  token.certificates.clear();
  EXPECT_EQ(by_journal(0), Decision::certificate_missing);
}

/// On a card the CKA_ID is the slot's, whichever certificate is in it.
TEST_F(Claims, WhatStandsInASlotTodayIsNotWhatWasOnceWrittenThere) {
  const auto issued = at("2026-12-01T00:00:00Z");
  auto foreign = issued_by("Momo", "cc", "2026-12-03T00:00:00Z");
  foreign.key_id = "9a";
  const auto token = assigned({foreign});
  Record record = completed_at("sakura", token);
  record.old_sha256 = "gone";
  record.key_id = {0x9a};
  record.certificate = {0x30};
  record.new_not_after = issued;
  const auto decided = [&](const TokenReport& shown) {
    const std::vector<Record> records{record};
    return decide({.token = shown, .settings = banks_[0], .now = now, .records = &records});
  };
  EXPECT_EQ(decided(token).decision, Decision::certificate_missing);
  EXPECT_EQ(decided(token).certificate, nullptr);
  foreign.not_after = issued;
  EXPECT_EQ(decided(assigned({foreign})).decision, Decision::due) << "the one that was written";
}

/// The certificate in use may be a private object beside the one that shows.
TEST_F(Claims, WhatNobodyClaimsIsNoAnswerWhereTheSuccessorMayBeHidden) {
  auto token = assigned({issued_by("Momo", "aa", "2026-11-01T00:00:00Z")});
  token.private_objects_hidden = true;
  TokenMemory memory;
  memory.token = token_key(token);
  memory.label = token.label;
  memory.told_sha256 = "aa";
  const auto decided = [&] {
    return decide({.token = token, .memory = &memory, .settings = banks_[0], .now = now}).decision;
  };
  EXPECT_EQ(decided(), Decision::cannot_be_told) << "nobody is sent to order a re-issue";
  memory.snapshot = Snapshot{now, token};
  memory.snapshot->report.private_objects_hidden = false;
  EXPECT_EQ(decided(), Decision::reissue_needed) << "the PIN has shown that there is no other";
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

/// Where a source in which names are of no case has come first meanwhile.
TEST_F(Claims, ABankKeepsWhatItDidUnderAnotherSpelling) {
  banks_[1].expect.bank = "UmE";
  share_claims();
  TokenMemory remembered;
  remembered.bank = "ume";
  const auto kept = of_banks({remembered}, banks_[0]);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].bank, "UmE");
  Record record;
  record.bank = "ume";
  EXPECT_EQ(bank_of(record, {}, banks_[0]), "UmE");
  EXPECT_TRUE(is_of_bank(record, {}, banks_[1]));
  const auto token = assigned({issued_by("Momo", "cc", "2026-12-01T00:00:00Z")});
  const std::vector<Record> records{completed_at("ume", token)};
  EXPECT_EQ(decide({.token = token, .settings = banks_[1], .now = now, .records = &records}).decision,
            Decision::due);
}

}  // namespace
}  // namespace koshin::renewal
