// SPDX-License-Identifier: MIT
// A key that another program has imported into slot 9a beside the old certificate, on a card of which nothing
// tells whose its keys are (no attestation, no GET METADATA), by real ykcs11: it shows the certificate's
// public key there.
#include <algorithm>

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
      // A key of another type than the certificate makes no signature, for which there are other reasons.
      const bool told = algorithm == Algorithm::ec_p256;
      EXPECT_EQ(run.failure(), told ? Reason::not_due : Reason::token_error) << run.in_words();
      EXPECT_EQ(std::ranges::count(run.notices, "home_slot_not_ours") > 0, told);
      EXPECT_THAT(run.notices, Contains("home_slot_unchanged"));
      expect_untouched(theirs);
      const auto forced = stage->renew_once_more();
      EXPECT_EQ(std::holds_alternative<messages::RenewResult>(forced.last), told) << forced.in_words();
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

/// A card that makes no signature this once has said nothing of whose its key is.
TEST_F(ExchangedKey, is_not_what_a_card_has_that_fails_at_the_signature) {
  renew_into_spare_slot();
  stage->keep();
  stage->plug();
  expect_renewed(stage->renew());
  const auto commands = stage->card().commands();
  const auto first = std::ranges::find_if(
      commands, [](const std::string& command) { return command.starts_with("87 11 9a"); });
  ASSERT_NE(first, commands.end());
  const auto number = static_cast<unsigned>(first - commands.begin()) + 1;
  for (const Status status : {Status{0x6F00}, Status{0x6982}, Status{0x6A80}}) {
    stage->come_back();
    const CardState before = stage->card().state();
    stage->plug({Fault::Kind::refused, number, status});
    const auto run = stage->renew();
    EXPECT_TRUE(stage->card().struck());
    EXPECT_TRUE(run.failure()) << run.in_words();
    EXPECT_NE(run.failure(), Reason::not_due) << run.in_words();
    EXPECT_NE(run.failure(), Reason::token_removed) << run.in_words();
    EXPECT_THAT(run.notices, Not(Contains("home_slot_not_ours"))) << std::hex << status;
    EXPECT_EQ(stage->card().state().keys, before.keys);
    const auto again = stage->renew();
    EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(again.last)) << again.in_words();
  }
}

/// That a first leg got on is no signature of the key's: each job asks the key itself before it goes.
TEST_F(ExchangedKey, is_looked_for_in_a_job_with_both_legs_too) {
  expect_renewed(stage->renew());
  bool written = false;
  unsigned since_written = 0;
  for (const std::string& command : stage->card().commands()) {
    if (command.starts_with("47 00 9a")) break;
    const bool writes = command.starts_with("db 3f ff");  // the last time here: the first leg's certificate
    written = written || writes;
    since_written = writes ? 0 : since_written + (command.starts_with("87 11 9a") ? 1U : 0U);
  }
  EXPECT_TRUE(written);
  EXPECT_EQ(since_written, 1U) << "asked once";
}

}  // namespace
}  // namespace koshin::cards
