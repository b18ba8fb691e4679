// SPDX-License-Identifier: MIT
// An authority that refuses a pair, which it may have certified before or cannot know.
#include <gmock/gmock.h>

#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using ::testing::Contains;

class RefusedPair : public RenewalTest {};

TEST_F(RefusedPair, E17_APairThatIsCertifiedOnceIsReplacedAfterALostAnswer) {
  const Bytes old = provision_token();
  bank.set("repeat_key", "forbidden");
  bank.set("garbage", "1");
  EXPECT_EQ(renew().name(), "authority_response_invalid");
  const Bytes lost = unfinished()->key_id;
  const Ending again = renew();
  ASSERT_EQ(again.name(), "completed") << again.failure.value_or(Failure{}).detail;
  EXPECT_THAT(again.notices(), Contains("pair_refused"));
  expect_renewed(old);
  EXPECT_NE(last().key_id, lost);
  EXPECT_EQ(bank.issued(), 2U) << "one more than necessary, which is the authority's rule";
  const auto history = journal()->history(2);
  EXPECT_TRUE(history.back().pair_refused);
  EXPECT_EQ(history.back().last_failure->reason, Reason::authority_refused);
}

TEST_F(RefusedPair, E17_AnAuthorityThatRefusesEverythingGetsNoMoreThanTwoPairs) {
  provision_token();
  bank.set("garbage", "1");
  EXPECT_EQ(renew().name(), "authority_response_invalid");
  bank.set("status", "403:go away");
  for (int run = 0; run < 4; ++run) EXPECT_EQ(renew().name(), "authority_refused");
  EXPECT_EQ(contents().private_keys.size(), 3U) << "the old one, the one that may be certified, and one more";
  EXPECT_EQ(bank.issued(), 1U);
}

TEST_F(RefusedPair, E17_AFreshPairThatIsCalledADuplicateIsRefusedLikeAnyOther) {
  provision_token();
  bank.set("status", "400:Duplicate key");
  EXPECT_EQ(renew().name(), "authority_refused") << "nobody can know this pair";
  EXPECT_FALSE(last().pair_refused);
  const Bytes first = last().key_id;
  EXPECT_EQ(renew().name(), "authority_key_already_certified") << "it was sent before";
  EXPECT_EQ(last().key_id, first);
  EXPECT_EQ(renew().name(), "authority_refused");
  const Bytes second = last().key_id;
  EXPECT_NE(second, first);
  for (int run = 0; run < 4; ++run) {
    EXPECT_EQ(renew().name(), "authority_refused");
    EXPECT_EQ(last().key_id, second) << "not a new pair each time";
  }
  EXPECT_EQ(contents().private_keys.size(), 3U);
}

TEST_F(RefusedPair, E17_ADuplicateAfterAnAnswerThatWasLostInTheSameRunIsReplacedInIt) {
  const Bytes old = provision_token();
  settings.authority.attempts = 3;
  bank.set("repeat_key", "refused");
  bank.set("drop_after_issue", "1");
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_THAT(ending.notices(), Contains("pair_refused"));
  expect_renewed(old);
  EXPECT_EQ(bank.issued(), 2U);
}

TEST_F(RefusedPair, E17_ThatAnAnswerWasLostIsNotForgottenOverTheQuestionForAnotherBinding) {
  const Bytes old = provision_token();
  settings.authority.attempts = 3;
  bank.set("csrattrs", "challenge");
  bank.set("repeat_key", "refused");
  bank.set("drop_after_issue", "1");
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_THAT(ending.notices(), Contains("pair_refused"));
  expect_renewed(old);
  EXPECT_EQ(bank.issued(), 2U);
}

TEST_F(RefusedPair, E17_AnApprovalThatIsDeniedIsNoReasonForAnotherPair) {
  provision_token();
  bank.set("pending", "1");
  ASSERT_EQ(renew().name(), "pending");
  bank.set("status", "403:denied");
  EXPECT_EQ(force().name(), "authority_refused");
  EXPECT_EQ(contents().private_keys.size(), 2U);
  EXPECT_FALSE(last().pair_refused);
}

}  // namespace
}  // namespace koshin::test
