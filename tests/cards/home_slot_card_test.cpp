// SPDX-License-Identifier: MIT
// What stays in slot 9a, by real ykcs11: keys and certificates of others, and an old pair as long as no other
// one on the card is known to log in.
#include <map>

#include "piv_attestation.hpp"
#include "piv_crypto.hpp"
#include "second_leg_fixture.hpp"
#include "support/environment.hpp"

namespace koshin::cards {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class HomeSlotOfACard : public SecondLegTest {};

/// The computer of the first leg knows that its certificate does not log in; another one has to find out.
TEST_F(HomeSlotOfACard, leaves_the_old_pair_where_the_one_in_the_spare_slot_does_not_log_in) {
  stage->bank().set("login.status", "403:not registered");
  EXPECT_EQ(stage->renew().failure(), Reason::proof_failed);
  const auto before = stage->card().state();
  ASSERT_TRUE(CardStage::has_pair(before, first_retired_slot));
  stage->forget_the_user();
  for (int again = 0; again < 2; ++again) {
    const auto refused = stage->renew();
    EXPECT_EQ(refused.failure(), Reason::proof_failed);
    EXPECT_THAT(refused.notices, SizeIs(0)) << "none says that it logs in";
    EXPECT_EQ(stage->card().state().keys, before.keys) << "the old pair alone has ever logged in";
    EXPECT_EQ(stage->card().state().objects, before.objects);
  }
  stage->bank().set("login.status", "0");
  const auto run = stage->renew();
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_EQ(std::get<messages::RenewResult>(run.last).new_certificate.key_id, "01");
}

/// An authority that allows one certificate refuses each time: a daily timer asks once, a person as often as
/// they like.
TEST_F(HomeSlotOfACard, that_was_refused_is_left_to_a_person_by_a_timer) {
  renew_into_spare_slot();
  stage->bank().set("status", "403:one certificate only");
  const std::vector<std::string> timer{"renew", "--if-due", "--pin-stdin", "--so-pin-stdin"};
  EXPECT_EQ(koshin(timer).exit_code, info(Reason::authority_refused).exit_code);
  const auto asked = stage->bank().requests("simplereenroll");
  for (int day = 0; day < 3; ++day) {
    const auto paused = koshin(timer);
    EXPECT_EQ(paused.exit_code, 0) << paused.out << paused.err;
    EXPECT_THAT(paused.out + paused.err, HasSubstr("Its own slot is being made anew"));
  }
  EXPECT_EQ(stage->bank().requests("simplereenroll"), asked);
  EXPECT_EQ(koshin({"renew", "--pin-stdin", "--so-pin-stdin"}).exit_code,
            info(Reason::authority_refused).exit_code);
  EXPECT_GT(stage->bank().requests("simplereenroll"), asked);
  stage->bank().set("status", "0");
  EXPECT_EQ(koshin({"renew", "--pin-stdin", "--so-pin-stdin"}).exit_code, 0);
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
}

/// The journal has a completed renewal into 9a; the person has made a key of their own there since.
TEST_F(HomeSlotOfACard, does_not_take_a_new_key_for_that_of_an_earlier_renewal) {
  expect_renewed(stage->renew());
  const Bytes others = generate_key(Algorithm::ec_p256);
  const auto make_own_key = [&](CardState& state) {
    state.objects.erase(certificate_object_of(authentication_slot));
    state.keys[authentication_slot].private_key = others;
  };
  stage->pull();
  stage->change(make_own_key);
  stage->plug();
  const auto enrolled = enroll(stage->bank().reissue_code(test::default_user));
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(enrolled.last)) << enrolled.in_words();
  EXPECT_EQ(std::get<messages::RenewResult>(enrolled.last).new_certificate.key_id, "05");
  EXPECT_EQ(stage->card().state().keys.at(authentication_slot).private_key, others);

  EXPECT_EQ(stage->renew().failure(), Reason::not_due);
  EXPECT_EQ(stage->card().state().keys.at(authentication_slot).private_key, others);
}

/// An enrolment on an empty card has planned slot 9a and was cut before the key; another program makes one
/// there meanwhile (`ykman piv keys generate` leaves none but the key).
TEST_F(HomeSlotOfACard, that_was_planned_keeps_a_key_that_another_program_has_made_there) {
  for (const bool attests : {false, true}) {
    const auto begin = [&](const Fault& fault) {
      stage->start_over();
      stage->change([&](CardState& state) {
        state.keys.clear();
        state.objects.erase(certificate_object_of(authentication_slot));
        if (attests) make_attesting(state);
      });
      stage->plug(fault);
      return stage->bank().reissue_code(test::default_user);
    };
    enroll(begin({}));
    const unsigned generation = stage->number_of_last("47");
    const std::string code = begin({Fault::Kind::pulled_before, generation});
    EXPECT_EQ(enroll(code).failure(), Reason::token_removed);
    ASSERT_TRUE(stage->card().struck());
    const KeySlot theirs{Algorithm::ec_p256, PinPolicy::once, generate_key(Algorithm::ec_p256)};
    stage->pull();
    stage->change([&](CardState& state) { state.keys[authentication_slot] = theirs; });
    stage->plug();
    const auto run = enroll(code);
    const auto* enrolled = std::get_if<messages::RenewResult>(&run.last);
    ASSERT_NE(enrolled, nullptr) << run.in_words();
    EXPECT_EQ(enrolled->new_certificate.key_id, "05");
    EXPECT_EQ(stage->card().state().keys.at(authentication_slot), theirs);
    EXPECT_TRUE(CardStage::has_pair(stage->card().state(), first_retired_slot));
    EXPECT_THAT(run.notices, testing::Contains("home_slot_not_ours"));
    EXPECT_EQ(stage->issued(), 1U);
  }
}

/// Each time the key is a new one, also where the module shows the key that the emptied slot still has.
TEST_F(HomeSlotOfACard, is_renewed_over_a_spare_slot_whose_earlier_key_is_never_used_again) {
  for (const bool attests : {false, true}) {
    stage->start_over();
    stage->change([&](CardState& state) {
      if (attests) make_attesting(state);
    });
    stage->plug();
    messages::Job job;
    job.kind = messages::JobKind::renew;
    std::optional<KeySlot> earlier;
    for (const bool again : {false, true}) {
      job.force = again;
      const auto run = stage->run(job, all_secrets());
      ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
      const auto spare = stage->card().state().keys.at(first_retired_slot);
      EXPECT_NE(earlier, spare) << "attests: " << attests;
      earlier = spare;
    }
  }
}

/// A clock that is ahead says expired too early: 9a's pair would go before anything is issued.
TEST_F(HomeSlotOfACard, comes_first_where_the_old_certificate_has_expired_by_a_wrong_clock_alone) {
  const auto before = stage->card().state();
  const test::ScopedEnvironment next_month(std::map<std::string, std::string>{
      {"LD_PRELOAD", KOSHIN_CLOCK_SHIM}, {"KOSHIN_CLOCK_AHEAD", std::to_string(30 * 24 * 60 * 60)}});
  const auto run = enroll("mistyped");
  EXPECT_EQ(run.failure(), Reason::reissue_code_invalid) << run.in_words();
  EXPECT_EQ(stage->card().state().keys.at(authentication_slot), before.keys.at(authentication_slot));
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot)) << run.in_words();
  EXPECT_TRUE(stage->card().state().keys.contains(first_retired_slot)) << "the new key is in a spare slot";
}

TEST_F(HomeSlotOfACard, comes_first_where_a_resumed_reissue_finds_that_the_old_certificate_may_log_in) {
  const auto expire = [&](CardState& state) {
    const Bytes key = public_key_info(state.keys.at(authentication_slot).private_key);
    state.objects[certificate_object_of(authentication_slot)] =
        certificate_object(stage->bank().issue(key, test::default_user, -40));
  };
  stage->pull();
  stage->change(expire);
  stage->plug();
  enroll(stage->bank().reissue_code(test::default_user));
  const unsigned generation = stage->number_of_last("47");
  stage->start_over();
  stage->change(expire);
  stage->plug({Fault::Kind::pulled_before, generation});
  const std::string code = stage->bank().reissue_code(test::default_user);
  EXPECT_EQ(enroll(code).failure(), Reason::token_removed);
  const auto before = stage->card().state();
  ASSERT_TRUE(CardStage::has_pair(before, authentication_slot));
  stage->use_settings("renewal.grace = \"P6M\"\n");
  stage->plug();
  EXPECT_EQ(enroll("mistyped").failure(), Reason::reissue_code_invalid);
  EXPECT_EQ(stage->card().state().keys.at(authentication_slot), before.keys.at(authentication_slot));
}

TEST_F(HomeSlotOfACard, does_not_touch_a_key_of_which_nothing_is_known) {
  renew_into_spare_slot();
  stage->pull();
  stage->change([](CardState& state) { state.objects.erase(certificate_object_of(authentication_slot)); });
  stage->plug();
  EXPECT_EQ(stage->renew().failure(), Reason::not_due);
  EXPECT_THAT(koshin({"doctor", "--pin-stdin"}).out,
              HasSubstr("a renewed certificate stays in a spare slot: programs that look at slot 9a"));
  EXPECT_EQ(stage->card().state().keys.at(authentication_slot),
            stage->first_state().keys.at(authentication_slot));
}

TEST_F(HomeSlotOfACard, does_not_touch_a_slot_with_another_certificate) {
  stage->use_settings(spare_slot_only);
  expect_renewed(stage->renew());
  stage->pull();
  const Bytes others = generate_key(Algorithm::ec_p256);
  stage->change([&](CardState& state) {
    state.keys[authentication_slot].private_key = others;
    state.objects[certificate_object_of(authentication_slot)] =
        certificate_object(stage->bank().issue(public_key_info(others), "99999999999999 user0002", 300));
  });
  stage->use_settings("");
  stage->plug();
  EXPECT_EQ(stage->renew().failure(), Reason::not_due);
  EXPECT_EQ(stage->card().state().keys.at(authentication_slot).private_key, others);
}

}  // namespace
}  // namespace koshin::cards
