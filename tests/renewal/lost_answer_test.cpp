// SPDX-License-Identifier: MIT
// An answer that gets lost again and again: each time the authority may have issued a certificate, so it is
// not asked for without end.
#include <gmock/gmock.h>

#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using renewal::State;
using ::testing::AllOf;
using ::testing::HasSubstr;

class LostAgain : public RenewalTest {
 protected:
  void SetUp() override {
    old_ = provision_token();
    bank.set("repeat_key", "anew");  // each asking costs a certificate
  }
  /// Neither by itself nor because a person does nothing but try again.
  void expect_not_asked_by_itself() {
    const std::size_t asked = bank.requests("simplereenroll");
    for (const Ending& third : {renew(), unattended()}) {
      EXPECT_EQ(third.name(), "answer_wrong_twice");
      EXPECT_THAT(third.failure.value_or(Failure{}).detail,
                  AllOf(HasSubstr("lost 2 times"), HasSubstr("koshin renew --force asks once more")));
    }
    EXPECT_EQ(bank.requests("simplereenroll"), asked);
  }
  Bytes old_;
};

TEST_F(LostAgain, IsNotAskedForAThirdTimeByItself) {
  bank.set("drop_after_issue", "always");
  EXPECT_EQ(renew().name(), "authority_unreachable");
  EXPECT_EQ(renew().name(), "authority_unreachable");
  expect_not_asked_by_itself();
  EXPECT_EQ(bank.issued(), 2U);
  EXPECT_EQ(force().name(), "authority_unreachable") << "a person may insist, as often as wanted";
  EXPECT_EQ(force().name(), "authority_unreachable");
  bank.set("drop_after_issue", "0");
  EXPECT_EQ(renew().name(), "answer_wrong_twice");
  EXPECT_EQ(force().name(), "completed");
  expect_renewed(old_);
}

TEST_F(LostAgain, CountsWhicheverWayItIsLost) {
  bank.set("drop_after_issue", "1");
  EXPECT_EQ(renew().name(), "authority_unreachable");
  bank.set("status", "504:upstream timed out");
  EXPECT_EQ(renew().name(), "authority_error");
  bank.set("status", "0");
  expect_not_asked_by_itself();
}

TEST_F(LostAgain, OnceIsNoReasonToStop) {
  bank.set("drop_after_issue", "1");
  EXPECT_EQ(renew().name(), "authority_unreachable");
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old_);
}

TEST_F(LostAgain, AnAnswerInBetweenCountsAnew) {
  bank.set("drop_before_issue", "1");
  EXPECT_EQ(renew().name(), "authority_unreachable");
  bank.set("pending", "1");
  EXPECT_EQ(renew().name(), "pending");
  bank.set("drop_before_issue", "1");
  EXPECT_EQ(force().name(), "authority_unreachable");
  EXPECT_EQ(unfinished()->wrong_answers, 1U);
}

TEST_F(LostAgain, AnAuthorityThatSaysItIsBusyHasLostNothing) {
  bank.set("status", "3*503:later");
  for (int run = 0; run < 3; ++run) EXPECT_EQ(renew().name(), "authority_busy");
  EXPECT_EQ(renew().name(), "completed");
}

}  // namespace
}  // namespace koshin::test
