// SPDX-License-Identifier: MIT
// What is said of the certificate that an unfinished renewal replaces, at each place where it may be cut.
#include "renewal/policy/old_certificate.hpp"

#include <gtest/gtest.h>

#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

const TokenProfile& piv() {
  return profile_of(TokenProfileName::piv);
}
const TokenProfile& generic() {
  return profile_of(TokenProfileName::generic);
}

/// A renewal that keeps the key of slot 9a; its certificate is there from `issued` on.
Record kept_key(State state) {
  Record record;
  record.state = state;
  record.same_key = true;
  record.key_id = {1};
  record.old_sha256 = "a1";
  record.replaced_certificate = {0x30};
  if (state >= State::issued) record.certificate = {0x31};
  return record;
}

constexpr State before_the_certificate[] = {State::planned, State::generated, State::requested,
                                            State::pending};

TEST(WhatStandsOfOld, IsUntouchedUntilThereIsACertificateToWrite) {
  for (const State state : before_the_certificate) {
    EXPECT_EQ(what_stands_of_old(kept_key(state), piv(), {}), OldCertificate::untouched);
    EXPECT_EQ(what_stands_of_old(kept_key(state), piv(), {.seen = true}), OldCertificate::untouched);
  }
}

TEST(WhatStandsOfOld, IsUntouchedWhereTheNewOneLiesBesideIt) {
  for (const State state : {State::issued, State::written, State::abandoned}) {
    EXPECT_EQ(what_stands_of_old(kept_key(state), generic(), {}), OldCertificate::untouched);
    Record with_new_key = kept_key(state);
    with_new_key.same_key = false;
    with_new_key.key_id = {5};
    EXPECT_EQ(what_stands_of_old(with_new_key, piv(), {}), OldCertificate::untouched);
  }
}

TEST(WhatStandsOfOld, WhatWasReadIsSaid) {
  for (const State state : {State::issued, State::written, State::abandoned})
    EXPECT_EQ(what_stands_of_old(kept_key(state), piv(), {.seen = true}), OldCertificate::seen_on_token);
}

TEST(WhatStandsOfOld, WhatNobodyHasReadIsInTheJournal) {
  EXPECT_EQ(what_stands_of_old(kept_key(State::issued), piv(), {}), OldCertificate::kept_in_journal);
}

TEST(WhatStandsOfOld, TheNewOneHasTakenItsPlaceUnlessItIsRefused) {
  Record written = kept_key(State::written);
  EXPECT_EQ(what_stands_of_old(written, piv(), {}), OldCertificate::replaced);
  written.wrong_answer = Reason::proof_failed;
  EXPECT_EQ(what_stands_of_old(written, piv(), {}), OldCertificate::kept_in_journal);
}

TEST(WhatStandsOfOld, WithoutACopyNothingIsClaimed) {
  for (const State state : {State::issued, State::written}) {
    Record record = kept_key(state);
    record.replaced_certificate.clear();  // begun by an earlier version
    EXPECT_EQ(what_stands_of_old(record, piv(), {}), OldCertificate::not_seen);
  }
  EXPECT_EQ(what_stands_of_old(kept_key(State::abandoned), piv(), {}), OldCertificate::not_seen)
      << "nobody writes it back any more";
}

TEST(WhatStandsOfOld, ARenewalGivenUpBeforeItsCertificateHasTouchedNothing) {
  Record record = kept_key(State::abandoned);
  record.certificate.clear();
  EXPECT_EQ(what_stands_of_old(record, piv(), {}), OldCertificate::untouched);
}

TEST(WhatStandsOfOld, BetweenTheLegsTheRenewedOneLogsIn) {
  Record second = kept_key(State::requested);
  second.same_key = false;  // a new key in 9a, for what is in a spare slot
  EXPECT_EQ(what_stands_of_old(second, piv(), {.seen = true}), OldCertificate::renewed_beside);
  EXPECT_EQ(what_stands_of_old(second, piv(), {}), OldCertificate::renewed_beside) << "shown to nobody yet";
}

/// The renewal of a certificate that has been in a spare slot until it was due again.
TEST(WhatStandsOfOld, ADueCertificateInASpareSlotIsNotTheRenewedOne) {
  Record homewards = kept_key(State::planned);
  homewards.same_key = false;
  for (const State state : {State::planned, State::pending, State::issued, State::written}) {
    homewards.state = state;
    EXPECT_EQ(what_stands_of_old(homewards, piv(), {.seen = true, .due = true}), OldCertificate::untouched);
  }
  homewards.state = State::completed;
  EXPECT_EQ(what_stands_of_old(homewards, piv(), {.due = true}), OldCertificate::replaced);
}

TEST(WhatStandsOfOld, IsKnownToBeDueByItsDates) {
  const Settings settings;
  const TimePoint now = test::at("2026-12-01T00:00:00Z");
  const auto due = test::certificate("a1", "2026-12-13T00:00:00Z"),
             later = test::certificate("b1", "2027-12-13T00:00:00Z");
  EXPECT_TRUE(is_known_to_be_due(&due, settings.renewal, now));
  EXPECT_FALSE(is_known_to_be_due(&later, settings.renewal, now));
  EXPECT_FALSE(is_known_to_be_due(nullptr, settings.renewal, now)) << "no token was seen with it";
}

TEST(WhatStandsOfOld, GivenUpNobodyWritesTheCopyBack) {
  EXPECT_EQ(once_given_up(OldCertificate::kept_in_journal), OldCertificate::not_seen);
  for (const auto stands :
       {OldCertificate::untouched, OldCertificate::seen_on_token, OldCertificate::replaced})
    EXPECT_EQ(once_given_up(stands), stands);
}

TEST(WhatStandsOfOld, WhatIsOnlyRememberedWasNotRead) {
  auto report = test::token_with({test::certificate("a1", "2026-12-13T00:00:00Z")});
  report.certificates.front().key_id = "01";
  EXPECT_TRUE(shows_old(report, kept_key(State::issued), piv()));
  report.certificates.front().recalled = true;
  EXPECT_FALSE(shows_old(report, kept_key(State::issued), piv()));
}

TEST(WhatStandsOfOld, ACopyInAnotherSlotIsNotTheOneInItsPlace) {
  auto report = test::token_with({test::certificate("a1", "2026-12-13T00:00:00Z")});
  report.certificates.front().key_id = "05";
  EXPECT_FALSE(shows_old(report, kept_key(State::issued), piv()));
  EXPECT_TRUE(shows_old(report, kept_key(State::issued), generic())) << "nothing is overwritten there";
}

TEST(WhatStandsOfOld, HasASentenceAndANoticeForEachAnswer) {
  for (const auto stands :
       {OldCertificate::untouched, OldCertificate::seen_on_token, OldCertificate::kept_in_journal,
        OldCertificate::replaced, OldCertificate::not_seen, OldCertificate::renewed_beside}) {
    EXPECT_FALSE(sentence_of(stands).in(Language::ja).empty());
    EXPECT_EQ(parse_notice_code(notice_code(stands)), stands);
  }
  EXPECT_EQ(notice_code(OldCertificate::not_seen), "old_certificate_not_seen");
  EXPECT_FALSE(parse_notice_code("old_certificate_"));
  EXPECT_FALSE(parse_notice_code("pin_count_low"));
}

}  // namespace
}  // namespace koshin::renewal
