// SPDX-License-Identifier: MIT
// No record holds a token for ever: settings that have changed, an authority that never gives a usable
// answer, a certificate that does not log in, and a person who wants no more of it.
#include <gmock/gmock.h>

#include "renewal/token/marks.hpp"
#include "renewal_fixture.hpp"
#include "support/raw_journal.hpp"

namespace koshin::test {
namespace {

using messages::CancelResult;
using messages::JobKind;
using renewal::Record;
using renewal::State;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class WaysOut : public RenewalTest {
 protected:
  std::string algorithm_of_new(const Ending& ending) {
    return ending.as<messages::RenewResult>().new_certificate.key_algorithm;
  }
};

TEST_F(WaysOut, AKeyTypeThatWasCorrectedIsUsedByTheNextRun) {
  const Bytes old = provision_token(pkcs11::KeyAlgorithm::rsa_2048);
  settings.renewal.key = "ec-p256";
  bank.set("wrong_usage", "always");
  EXPECT_EQ(renew().name(), "issued_usage_changed");
  bank.set("wrong_usage", "0");
  settings.renewal.key = "same";
  const Ending again = renew();
  ASSERT_EQ(again.name(), "completed") << again.failure.value_or(Failure{}).detail;
  EXPECT_EQ(algorithm_of_new(again), "rsa-2048");
  expect_renewed(old);  // the pair of the first try is gone
  EXPECT_THAT(again.notices(), Contains("unused_pair_removed"));
  const auto history = journal()->history(2);
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history.back().state, State::abandoned);
  EXPECT_THAT(history.back().last_failure->detail, HasSubstr("ec-p256, wanted now is rsa-2048"));
}

TEST_F(WaysOut, WhatWasOnlyPlannedIsPlannedAnewWithTodaysSettings) {
  const Bytes old = provision_token();
  stop_after(1);  // planned; nothing on the token
  ASSERT_EQ(unfinished()->state, State::planned);
  settings.renewal.key = "ec-p384";
  EXPECT_EQ(algorithm_of_new(renew()), "ec-p384");
  expect_renewed(old);
}

TEST_F(WaysOut, AKeyTypeThatTheAuthorityCannotTakeIsNotKeptEither) {
  const Bytes old = provision_token();
  settings.renewal.key = "ec-p384";
  bank.set("status", "500:profile: P-256 only");
  EXPECT_EQ(renew().name(), "authority_error");
  bank.set("status", "0");
  settings.renewal.key = "ec-p256";
  EXPECT_EQ(algorithm_of_new(renew()), "ec-p256");
  expect_renewed(old);
}

TEST_F(WaysOut, WhatTheAuthorityAsksForByNowCounts) {
  const Bytes old = provision_token();
  stop_after(3);
  bank.set("csrattrs", "p384");
  EXPECT_EQ(algorithm_of_new(renew()), "ec-p384");
  expect_renewed(old);
}

TEST_F(WaysOut, AKeyTypeNamedAfterAFailedTryIsNotSilentlyAnother) {
  const Bytes old = provision_token();
  bank.set("csrattrs", "p384");
  stop_after(3);
  settings.renewal.key = "ec-p256";
  EXPECT_EQ(renew().name(), "key_algorithm_not_allowed") << "as it would be from the beginning";
  EXPECT_EQ(force().name(), "key_algorithm_not_allowed");
  EXPECT_EQ(bank.issued(), 0U);
  settings.renewal.key = "same";
  EXPECT_EQ(algorithm_of_new(renew()), "ec-p384");
  expect_renewed(old);
}

TEST_F(WaysOut, KeepingTheKeyAfterAllLeavesNoOther) {
  const Bytes old = provision_token();
  stop_after(3);
  settings.renewal.key = "renew";
  ASSERT_EQ(renew().name(), "completed");
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_EQ(contents().certificates.size(), 2U);
  EXPECT_TRUE(last().same_key);
}

TEST_F(WaysOut, AKeyTypeThatAPersonChoseFitsAsLongAsItIsOffered) {
  provision_token();
  settings.renewal.key_choices = {"ec-p256", "ec-p384"};
  die_when = DyingJournal::When::after;
  die_at = 3;
  ASSERT_EQ(run(JobKind::renew, [](auto& job) { job.key = "ec-p384"; }).name(), "killed");
  die_when = DyingJournal::When::never;
  EXPECT_EQ(algorithm_of_new(renew()), "ec-p384");
}

TEST_F(WaysOut, AKeyTypeThatIsNotOfferedAnyMoreDoesNotFit) {
  const Bytes old = provision_token();
  settings.renewal.key_choices = {"ec-p256", "ec-p384"};
  die_when = DyingJournal::When::after;
  die_at = 3;
  ASSERT_EQ(run(JobKind::renew, [](auto& job) { job.key = "ec-p384"; }).name(), "killed");
  die_when = DyingJournal::When::never;
  settings.renewal.key_choices.clear();
  EXPECT_EQ(algorithm_of_new(renew()), "ec-p256");
  expect_renewed(old);
}

TEST_F(WaysOut, AnApprovalThatIsWaitedForIsNotGivenUpForAdvice) {
  provision_token();
  bank.set("csrattrs", "p384");
  bank.set("pending", "1");
  ASSERT_EQ(renew().name(), "pending");
  bank.set("csrattrs", "");
  const auto number = unfinished()->number;
  EXPECT_EQ(force().name(), "completed");
  EXPECT_EQ(last().number, number);
  EXPECT_EQ(last().key_algorithm, "ec-p384");
  EXPECT_EQ(bank.issued(), 1U);
}

TEST_F(WaysOut, WhatMayBeCertifiedIsNotGivenUpBecauseTheWishesCannotBeReadToday) {
  provision_token();
  bank.set("csrattrs", "p384");
  bank.set("drop_after_issue", "1");
  settings.authority.attempts = 1;
  ASSERT_EQ(renew().name(), "authority_unreachable");
  const auto number = unfinished()->number;
  bank.set("csrattrs", "garbage");
  EXPECT_EQ(renew().name(), "completed");
  EXPECT_EQ(last().number, number);
  EXPECT_EQ(last().key_algorithm, "ec-p384");
}

TEST_F(WaysOut, WhatAPageSendsUnaskedGivesNothingUp) {
  provision_token();
  settings.renewal.key_choices = {"same", "ec-p384"};
  die_when = DyingJournal::When::after;
  die_at = 3;
  ASSERT_EQ(run(JobKind::renew, [](auto& job) { job.key = "ec-p384"; }).name(), "killed");
  die_when = DyingJournal::When::never;
  EXPECT_EQ(algorithm_of_new(run(JobKind::renew, [](auto& job) { job.key = "same"; })), "ec-p384");
}

TEST_F(WaysOut, ADryRunGivesNothingUp) {
  provision_token();
  stop_after(3);
  settings.renewal.key = "ec-p384";
  EXPECT_EQ(run(JobKind::renew, [](auto& job) { job.dry_run = true; }).name(), "dry_run");
  EXPECT_EQ(unfinished()->state, State::requested);
}

TEST_F(WaysOut, TheSameWrongAnswerIsNotAskedForAThirdTime) {
  const Bytes old = provision_token();
  bank.set("wrong_usage", "always");
  EXPECT_EQ(renew().name(), "issued_usage_changed");
  EXPECT_EQ(renew().name(), "issued_usage_changed");
  const std::size_t issued = bank.issued();
  for (int time = 0; time < 2; ++time) {
    const Ending third = renew();
    EXPECT_EQ(third.name(), "answer_wrong_twice");
    EXPECT_THAT(third.failure->detail, HasSubstr("issued_usage_changed 2 times"));
    EXPECT_THAT(third.failure->detail, HasSubstr("--force"));
    EXPECT_THAT(third.failure->detail, HasSubstr(unfinished()->last_failure->detail)) << "what was wrong";
  }
  EXPECT_EQ(run(JobKind::doctor).as<messages::DoctorResult>().checks.at(1).finding, "journal_insists");
  EXPECT_EQ(bank.issued(), issued);
  EXPECT_EQ(force().name(), "issued_usage_changed") << "a person may insist";
  EXPECT_EQ(bank.issued(), issued + 1);
  EXPECT_EQ(unfinished()->wrong_answers, 3U);
  bank.set("wrong_usage", "0");
  EXPECT_EQ(renew().name(), "answer_wrong_twice");
  EXPECT_EQ(force().name(), "completed");
  expect_renewed(old);
}

TEST_F(WaysOut, AnotherWrongAnswerIsCountedAnew) {
  provision_token();
  bank.set("wrong_usage", "1");
  EXPECT_EQ(renew().name(), "issued_usage_changed");
  bank.set("wrong_san", "1");
  EXPECT_EQ(renew().name(), "issued_san_changed");
  EXPECT_EQ(unfinished()->wrong_answers, 1U);
  EXPECT_EQ(renew().name(), "completed");
}

TEST_F(WaysOut, SettingsThatChangeTheKeyEndAWrongAnswerToo) {
  const Bytes old = provision_token();
  bank.set("garbage", "2");
  EXPECT_EQ(renew().name(), "authority_response_invalid");
  EXPECT_EQ(renew().name(), "authority_response_invalid");
  EXPECT_EQ(renew().name(), "answer_wrong_twice");
  settings.renewal.key = "ec-p384";
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(WaysOut, APersonGivesItUpAndTheUnusedPairGoes) {
  provision_token();
  stop_after(3);
  const Record begun = *unfinished();
  const Ending ending = cancel();
  ASSERT_EQ(ending.name(), "cancelled") << ending.failure.value_or(Failure{}).detail;
  const auto& result = ending.as<CancelResult>();
  EXPECT_EQ(result.state, "requested");
  EXPECT_EQ(result.started, begun.started);
  ASSERT_EQ(result.removed.size(), 1U);
  EXPECT_EQ(result.removed.front().made_on, to_rfc3339(begun.started).substr(0, 10));
  EXPECT_TRUE(result.kept.empty());
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_EQ(contents().public_keys.size(), 1U);
  EXPECT_EQ(unfinished(), std::nullopt);
  EXPECT_EQ(last().state, State::abandoned);
  EXPECT_EQ(cancel().name(), "nothing_unfinished");
  EXPECT_EQ(renew().name(), "completed") << "another one can be begun at once";
}

TEST_F(WaysOut, APersonGivesItUpWithoutAPinAndTheNextRunUsesThePair) {
  const Bytes old = provision_token();
  stop_after(3);
  const Bytes id = unfinished()->key_id;
  pin.clear();
  EXPECT_EQ(cancel(true).name(), "cancelled");
  EXPECT_EQ(unfinished(), std::nullopt);
  EXPECT_EQ(cancel(true).name(), "nothing_unfinished");
  pin = SoftHsm::default_pin;
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
  EXPECT_EQ(last().key_id, id);
}

TEST_F(WaysOut, WhatWasLeftByAGivenUpRenewalGoesWhenAPersonSaysSo) {
  provision_token();
  stop_after(3);
  EXPECT_EQ(cancel(true).name(), "cancelled");
  const Ending ending = cancel();
  ASSERT_EQ(ending.name(), "cancelled");
  EXPECT_EQ(ending.as<CancelResult>().state, "");
  EXPECT_EQ(ending.as<CancelResult>().removed.size(), 1U);
  EXPECT_EQ(contents().private_keys.size(), 1U);
}

TEST_F(WaysOut, WhoNamesARenewalThatIsNotUnfinishedHasNothingElseDeleted) {
  provision_token();
  stop_after(3);
  EXPECT_EQ(cancel(true).name(), "cancelled");
  const Ending ending =
      run(messages::JobKind::cancel, [&](auto& job) { job.record_number = last().number + 1; });
  EXPECT_EQ(ending.name(), "nothing_unfinished");
  EXPECT_EQ(contents().private_keys.size(), 2U) << "the pair of the renewal that was given up";
}

TEST_F(WaysOut, ACertificateThatIsOnTheTokenStaysThoughItsRenewalIsGivenUp) {
  const Bytes old = provision_token();
  stop_after(5);  // written
  protect_objects();
  const Ending ending = cancel();
  ASSERT_EQ(ending.name(), "cancelled");
  EXPECT_TRUE(ending.as<CancelResult>().removed.empty());
  EXPECT_EQ(contents().certificates.size(), 2U);
  EXPECT_EQ(contents().private_keys.size(), 2U);
}

TEST_F(WaysOut, WhatWasGivenUpBeforeItHadLoggedInTakesNobodysPlace) {
  const Bytes old = provision_token();
  bank.set("login.status", "403:not registered");
  ASSERT_EQ(renew().name(), "proof_failed");
  ASSERT_EQ(cancel().name(), "cancelled");
  bank.set("login.status", "0");
  const Ending again = renew();
  ASSERT_EQ(again.name(), "completed") << "the old one is in use, and due";
  EXPECT_EQ(again.as<messages::RenewResult>().old_certificate.sha256,
            enrollment::Certificate::from_der(old).sha256());
}

/// As a damaged disk may leave it, whatever the journal's own look at it finds.
TEST_F(WaysOut, ARecordWhoseCertificateCannotBeReadAnyMoreIsGivenUpAndTheNextRenewalIsNot) {
  const Bytes old = provision_token();
  stop_after(4);
  ASSERT_EQ(unfinished()->state, State::issued);
  const std::string garbage = "UPDATE renewal SET certificate = X'30030101FF' WHERE finished = 0";
  ASSERT_EQ(run_sql(directory.path() / "journal.sqlite", garbage), SQLITE_OK);
  EXPECT_EQ(renew().name(), "certificate_unreadable");
  const Ending given_up = cancel();
  EXPECT_EQ(given_up.name(), "cancelled") << given_up.failure.value_or(Failure{}).detail;
  EXPECT_EQ(contents().private_keys.size(), 2U) << "nobody knows whether old mail is encrypted for it";
  const Ending next = renew();
  EXPECT_EQ(next.name(), "completed") << next.failure.value_or(Failure{}).detail;
}

}  // namespace
}  // namespace koshin::test
