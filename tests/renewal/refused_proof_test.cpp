// SPDX-License-Identifier: MIT
// A certificate that was fetched and does not log in: the renewal ends, and nothing is lost by it.
#include <gmock/gmock.h>

#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::CancelResult;
using renewal::State;

class RefusedProof : public RenewalTest {
 protected:
  void SetUp() override {
    old_ = provision_token();
    bank.set("login.status", "403:not registered");
    const Ending first = renew();
    ASSERT_EQ(first.name(), "proof_failed");
    EXPECT_THAT(first.failure->detail, ::testing::HasSubstr("tries the log-in again"));
    ASSERT_EQ(unfinished()->state, State::written) << "the server may not know the certificate yet";
    const Ending second = renew();
    ASSERT_EQ(second.name(), "proof_failed");
    EXPECT_THAT(second.failure->detail, ::testing::HasSubstr("given up"));
    EXPECT_EQ(last().last_failure->detail, second.failure->detail) << "the journal has what was told";
  }
  /// What was to follow then, and where the old certificate was, is not said again as if it were of today.
  static void expect_answer_alone(const Ending& ending) {
    ASSERT_TRUE(ending.failure.has_value());
    EXPECT_THAT(ending.failure->detail, ::testing::HasSubstr("not registered"));
    EXPECT_THAT(ending.failure->detail, ::testing::Not(::testing::HasSubstr("is given up: the next")));
    EXPECT_THAT(ending.failure->detail, ::testing::Not(::testing::HasSubstr("the old certificate")));
  }
  Bytes old_;
};

TEST_F(RefusedProof, EndsTheRenewalTheSecondTimeAndTheNextBeginsAfresh) {
  EXPECT_EQ(unfinished(), std::nullopt);
  EXPECT_EQ(last().state, State::abandoned);
  EXPECT_TRUE(last().pair_refused);
  const Bytes refused = last().key_id;
  bank.set("login.status", "0");
  const Ending again = renew();
  ASSERT_EQ(again.name(), "completed") << again.failure.value_or(Failure{}).detail;
  EXPECT_EQ(again.as<messages::RenewResult>().old_certificate.sha256,
            enrollment::Certificate::from_der(old_).sha256());
  EXPECT_NE(last().key_id, refused);
  EXPECT_EQ(contents().certificates.size(), 3U) << "the one that did not log in goes when a person says so";
  const Ending cleaned = cancel();
  ASSERT_EQ(cleaned.name(), "cancelled");
  ASSERT_EQ(cleaned.as<CancelResult>().removed.size(), 1U);
  expect_renewed(old_);
}

/// What the journal has no room for has not happened: the person reads of no consequence, and the next run
/// comes to the same end.
TEST_F(RenewalTest, ARefusedCertificateThatTheJournalCannotGiveUpIsNotSaidToBeGivenUp) {
  provision_token();
  bank.set("login.status", "403:not registered");
  ASSERT_EQ(renew().name(), "proof_failed");
  die_when = DyingJournal::When::full;
  die_at = 1;
  const Ending without_room = renew();
  ASSERT_EQ(without_room.name(), "proof_failed");
  EXPECT_THAT(without_room.failure->detail, ::testing::HasSubstr("not registered"));
  EXPECT_THAT(without_room.failure->detail, ::testing::Not(::testing::HasSubstr("given up")));
  ASSERT_TRUE(unfinished().has_value());
  EXPECT_EQ(unfinished()->state, State::written);
  die_when = DyingJournal::When::never;
  const Ending with_room = renew();
  EXPECT_THAT(with_room.failure->detail, ::testing::HasSubstr("given up"));
  EXPECT_EQ(last().state, State::abandoned);
}

TEST_F(RefusedProof, StaysAsLongAsNothingBetterIsThere) {
  EXPECT_EQ(cancel().name(), "nothing_unfinished") << "the server may have been wrong about it";
  EXPECT_EQ(contents().certificates.size(), 2U);
  EXPECT_EQ(contents().private_keys.size(), 2U);
}

TEST_F(RefusedProof, IsNotRepeatedByItself) {
  const Ending alone = unattended();
  EXPECT_EQ(alone.name(), "answer_wrong_twice");
  expect_answer_alone(alone);
  EXPECT_EQ(renew().name(), "proof_failed") << "a person may try once more";
  EXPECT_EQ(renew().name(), "proof_failed");
  const std::size_t issued = bank.issued();
  EXPECT_EQ(issued, 2U);
  const Ending asked = renew();
  EXPECT_EQ(asked.name(), "answer_wrong_twice") << "and then says so";
  expect_answer_alone(asked);
  EXPECT_EQ(bank.issued(), issued);
  EXPECT_EQ(force().name(), "proof_failed");
}

TEST_F(RenewalTest, ACertificateForTheSameKeyThatDoesNotLogInTakesNobodysPlaceEither) {
  const Bytes old = provision_token();
  settings.renewal.key = "renew";
  bank.set("login.status", "403:not registered");
  ASSERT_EQ(renew().name(), "proof_failed");
  ASSERT_EQ(renew().name(), "proof_failed");
  EXPECT_EQ(unattended().name(), "answer_wrong_twice");
  bank.set("login.status", "0");
  const Ending again = renew();
  ASSERT_EQ(again.name(), "completed") << again.failure.value_or(Failure{}).detail;
  EXPECT_EQ(again.as<messages::RenewResult>().old_certificate.sha256,
            enrollment::Certificate::from_der(old).sha256());
}

/// The certificate is on the token, and the place where it is to log in has become one that shows nothing.
class ImpossibleProof : public RenewalTest {
 protected:
  void SetUp() override {
    old_ = provision_token();
    stop_after(5);
    ASSERT_EQ(unfinished()->state, State::written);
    settings.authority.prove_url = bank.url() + "/no-such-page";
  }
  Bytes old_;
};

TEST_F(ImpossibleProof, IsNothingAgainstTheCertificate) {
  for (int run = 0; run < 4; ++run) {
    const Ending ending = renew();
    ASSERT_EQ(ending.name(), "proof_impossible");
    EXPECT_THAT(ending.failure->detail, ::testing::HasSubstr("authority.prove_url"));
    EXPECT_EQ(ending.failure->retry(), Retry::never);
    ASSERT_TRUE(unfinished());
    EXPECT_EQ(unfinished()->state, State::written);
    EXPECT_EQ(unfinished()->wrong_answers, 0U);
  }
  EXPECT_EQ(unattended().name(), "proof_impossible");
  settings.authority.prove_url = bank.url() + "/login";
  EXPECT_EQ(renew().name(), "completed");
  EXPECT_EQ(bank.issued(), 1U);
  expect_renewed(old_);
}

}  // namespace
}  // namespace koshin::test
