// SPDX-License-Identifier: MIT
// What a bank knows of a certificate that the settings no longer claim for it, or under another spelling of
// its name.
#include "claims_fixture.hpp"

namespace koshin::renewal {
namespace {

using messages::TokenReport;
using test::at;
using ::testing::HasSubstr;

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
