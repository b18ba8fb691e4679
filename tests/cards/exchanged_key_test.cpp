// SPDX-License-Identifier: MIT
// A key that another program has imported into slot 9a beside the old certificate, on a card of which nothing
// tells whose its keys are (no attestation, no GET METADATA), by real ykcs11: it shows the certificate's
// public key there.
#include "piv_crypto.hpp"
#include "second_leg_fixture.hpp"

namespace koshin::cards {
namespace {

using testing::Contains;
using testing::Not;

class ExchangedKey : public SecondLegTest {
 protected:
  void SetUp() override {
    SecondLegTest::SetUp();
    if (!stage) return;
    stage->hand_out([](CardState& state) { state.has_metadata = false; });
    stage->plug();
  }
  KeySlot import_into_9a(Algorithm algorithm) {
    KeySlot theirs{algorithm, PinPolicy::once, generate_key(algorithm)};
    theirs.imported = true;
    stage->pull();
    stage->change([&](CardState& state) { state.keys[authentication_slot] = theirs; });
    stage->plug();
    return theirs;
  }
  void expect_untouched(const KeySlot& theirs) {
    EXPECT_EQ(stage->card().state().keys.at(authentication_slot), theirs);
    EXPECT_TRUE(CardStage::has_pair(stage->card().state(), first_retired_slot)) << "this one logs in";
    EXPECT_EQ(stage->card().state().pin.tries_left, 3U);
  }
};

TEST_F(ExchangedKey, is_not_generated_over_by_the_second_leg) {
  for (const Algorithm algorithm : {Algorithm::ec_p256, Algorithm::rsa_2048}) {
    for (const bool another_computer : {false, true}) {
      stage->start_over();
      stage->plug();
      renew_into_spare_slot();
      const KeySlot theirs = import_into_9a(algorithm);
      if (another_computer) stage->forget_the_user();
      const auto run = stage->renew();
      EXPECT_EQ(run.failure(), Reason::not_due) << run.in_words();
      EXPECT_THAT(run.notices, Contains("home_slot_not_ours"));
      EXPECT_THAT(run.notices, Contains("home_slot_unchanged"));
      expect_untouched(theirs);
      messages::Job job;
      job.kind = messages::JobKind::renew;
      job.force = true;
      const auto forced = stage->run(job, all_secrets());
      EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(forced.last)) << forced.in_words();
      EXPECT_EQ(stage->card().state().keys.at(authentication_slot), theirs);
    }
  }
}

/// By the clocks of both the old certificate has expired, and the enrolment would go into 9a at once.
TEST_F(ExchangedKey, is_not_generated_over_by_an_enrolment) {
  stage->pull();
  stage->change([&](CardState& state) {
    const Bytes key = public_key_info(state.keys.at(authentication_slot).private_key);
    state.objects[certificate_object_of(authentication_slot)] =
        certificate_object(stage->bank().issue(key, test::default_user, -40));
  });
  const KeySlot theirs = import_into_9a(Algorithm::ec_p256);
  const auto run = enroll(stage->bank().reissue_code(test::default_user));
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_THAT(run.notices, Contains("home_slot_not_ours"));
  expect_untouched(theirs);
}

/// The certificate's own key is told by its signature, and made anew.
TEST_F(ExchangedKey, is_told_from_the_certificates_own) {
  for (const bool another_computer : {false, true}) {
    stage->start_over();
    stage->plug();
    renew_into_spare_slot();
    if (another_computer) stage->forget_the_user();
    const auto run = stage->renew();
    ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
    EXPECT_THAT(run.notices, Not(Contains("home_slot_not_ours")));
    EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
  }
}

}  // namespace
}  // namespace koshin::cards
