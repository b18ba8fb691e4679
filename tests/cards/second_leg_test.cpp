// SPDX-License-Identifier: MIT
// The second leg of a renewal on a PIV card, by real ykcs11: taken up later, on another computer, after a
// refusal, and over many years.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string_view>

#include "enrollment/x509/certificate.hpp"
#include "piv_crypto.hpp"
#include "second_leg_fixture.hpp"

namespace koshin::cards {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

class SecondLeg : public SecondLegTest {};

TEST_F(SecondLeg, is_taken_up_by_the_next_renewal_though_nothing_is_due) {
  renew_into_spare_slot();
  const auto run = stage->renew();
  expect_renewed(run);
  EXPECT_EQ(std::get<messages::RenewResult>(run.last).old_certificate.key_id, "05");
  EXPECT_EQ(stage->renew().failure(), Reason::not_due) << "and then there is nothing left";
}

TEST_F(SecondLeg, that_was_cut_goes_on_and_uses_its_key) {
  const CardState cut = cut_after_second_key();
  stage->plug();
  expect_renewed(stage->renew());
  EXPECT_NE(stage->card().state().keys.at(authentication_slot),
            stage->first_state().keys.at(authentication_slot));
  EXPECT_EQ(stage->card().state().keys.at(first_retired_slot), cut.keys.at(first_retired_slot));
}

TEST_F(SecondLeg, that_was_cut_goes_on_at_another_computer) {
  const CardState cut = cut_after_second_key();
  stage->forget_the_user();
  stage->plug();
  const auto run = stage->renew();
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_THAT(run.notices, Contains("home_slot_key_found"));
  const CardState state = stage->card().state();
  EXPECT_TRUE(CardStage::has_pair(state, authentication_slot));
  EXPECT_THAT(certificate_in(state, first_retired_slot), SizeIs(0));
  EXPECT_EQ(state.keys.at(authentication_slot), cut.keys.at(authentication_slot)) << "resumed, not repeated";
  EXPECT_EQ(stage->issued(), 2U);
  EXPECT_EQ(state.pin.tries_left, 3U);
}

TEST_F(SecondLeg, that_is_refused_says_so_and_leaves_the_spare_slot_working) {
  renew_into_spare_slot();
  stage->bank().set("status", "1*403:too soon");
  const auto refused = stage->renew();
  EXPECT_EQ(refused.failure(), Reason::authority_refused) << refused.in_words();
  EXPECT_THAT(refused.notices, Contains("home_slot_emptied"));
  EXPECT_THAT(std::get<Failure>(refused.last).detail, HasSubstr("slot 82 is the one that logs in"));
  const auto made = stage->card().state();
  EXPECT_TRUE(CardStage::has_pair(made, first_retired_slot));
  EXPECT_EQ(prune().failure(), Reason::nothing_to_delete) << "the one that works is not to be deleted";
  const auto run = stage->renew();
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
  EXPECT_EQ(stage->card().state().keys, made.keys) << "the key that was made is used";
  EXPECT_EQ(stage->issued(), 2U);
}

TEST_F(SecondLeg, waits_for_the_authority_and_goes_on) {
  renew_into_spare_slot();
  stage->bank().set("pending", "1");
  const auto waiting = stage->renew();
  ASSERT_TRUE(std::holds_alternative<messages::PendingResult>(waiting.last)) << waiting.in_words();
  EXPECT_THAT(waiting.notices, Contains("home_slot_emptied"));
  EXPECT_EQ(prune().failure(), Reason::nothing_to_delete);
  std::this_thread::sleep_for(std::chrono::seconds(2));
  expect_renewed(stage->renew());
}

/// The deletion would leave the old key in 9a, and nobody could tell any more that it may go.
TEST_F(SecondLeg, comes_before_the_deletion_of_the_old_certificate) {
  renew_into_spare_slot();
  EXPECT_EQ(prune().failure(), Reason::prune_not_allowed);
  expect_renewed(stage->renew());
  EXPECT_EQ(prune().failure(), Reason::nothing_to_delete);
}

TEST_F(SecondLeg, is_not_taken_without_the_management_key) {
  renew_into_spare_slot();
  const auto run = stage->renew({card_pin, {}, {}});
  EXPECT_EQ(run.failure(), Reason::so_pin_required) << run.in_words();
  EXPECT_EQ(stage->issued(), 1U);
}

/// What the terminal says, in the order in which a person sees it.
TEST_F(SecondLeg, is_told_at_the_terminal) {
  stage->use_settings(spare_slot_only);
  const auto first = koshin({"renew", "--pin-stdin", "--so-pin-stdin"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("Slot                    82"));
  EXPECT_THAT(first.out, HasSubstr("Programs that look at slot 9a alone do not see it."));
  EXPECT_THAT(first.out, HasSubstr("is still on the token."));
  EXPECT_THAT(koshin({"doctor", "--pin-stdin"}).out,
              HasSubstr("a renewed certificate stays in a spare slot"));

  stage->use_settings("");
  EXPECT_THAT(koshin({"doctor", "--pin-stdin"}).out,
              HasSubstr("the certificate in use is in spare slot 82 and belongs in slot 9a"));
  stage->bank().set("status", "1*403:too soon");
  const auto refused = koshin({"renew", "--pin-stdin", "--so-pin-stdin"});
  EXPECT_EQ(refused.exit_code, info(Reason::authority_refused).exit_code) << refused.out;
  EXPECT_THAT(refused.out + refused.err, HasSubstr("Its own slot is being made anew"));

  const auto second = koshin({"renew", "--pin-stdin", "--so-pin-stdin"});
  EXPECT_EQ(second.exit_code, 0) << second.out << second.err;
  EXPECT_THAT(second.out, HasSubstr("Slot                    9a"));
  EXPECT_THAT(second.out, HasSubstr("is not on the token any more."));
  EXPECT_THAT(koshin({"doctor", "--pin-stdin"}).out, HasSubstr("a renewed certificate ends in slot 9a"));
  EXPECT_THAT(koshin({"renew", "--pin-stdin", "--so-pin-stdin"}).exit_code, info(Reason::not_due).exit_code);
}

/// The key that the card has made shows only once there is a certificate beside it.
TEST_F(SecondLeg, goes_on_with_an_older_card_too) {
  stage->pull();
  stage->change([](CardState& state) { state.has_metadata = false; });
  stage->plug();
  expect_renewed(stage->renew());
  const auto run = stage->renew_once_more();
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_THAT(stage->card().state().keys, SizeIs(2)) << "the spare slot is used again";
}

TEST_F(SecondLeg, is_not_needed_for_a_reissue_whose_old_certificate_has_expired) {
  stage->pull();
  stage->change([&](CardState& state) {
    const Bytes key = public_key_info(state.keys.at(authentication_slot).private_key);
    state.objects[certificate_object_of(authentication_slot)] =
        certificate_object(stage->bank().issue(key, test::default_user, -40));
  });
  stage->plug();
  EXPECT_THAT(koshin({"doctor", "--pin-stdin"}).out, HasSubstr("a renewed certificate ends in slot 9a"));
  const auto run = enroll(stage->bank().reissue_code(test::default_user));
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_EQ(std::get<messages::RenewResult>(run.last).new_certificate.key_id, "01");
  EXPECT_THAT(stage->card().state().keys, SizeIs(1));
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
  EXPECT_EQ(stage->issued(), 1U);
}

TEST_F(SecondLeg, follows_a_reissue_whose_old_certificate_still_logs_in) {
  const auto run = enroll(stage->bank().reissue_code(test::default_user));
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
  EXPECT_THAT(certificate_in(stage->card().state(), first_retired_slot), SizeIs(0));
  EXPECT_EQ(stage->issued(), 2U);
}

/// Mail programs sign with slot 9c. Its key asks for the PIN at each signature, as PIV wants it there.
TEST_F(SecondLeg, brings_a_certificate_for_signatures_back_into_slot_9c) {
  constexpr unsigned signature_slot = 0x9C;
  std::map<std::string, std::size_t> commands;
  for (const std::string home : {"never", "always"}) {
    stage->start_over();
    stage->use_settings(
        "renewal.purposes = [\"login\", \"signature\"]\nauthority.signature_label = \"signature\"\n"
        "renewal.home_slot = \"" +
        home + "\"\n");
    const KeySlot old{Algorithm::ec_p256, PinPolicy::always, generate_key(Algorithm::ec_p256)};
    const auto certificate = stage->bank().issue_as(
        {.usage = "critical,digitalSignature,nonRepudiation", .extended_usage = "emailProtection"},
        public_key_info(old.private_key), test::default_user, 5);
    stage->change([&](CardState& state) {
      state.keys[signature_slot] = old;
      state.objects[certificate_object_of(signature_slot)] = certificate_object(certificate);
    });
    const auto before = stage->card().state();
    const auto issued = stage->issued();
    stage->plug();
    messages::Job job;
    job.kind = messages::JobKind::renew;
    job.certificate_sha256 = enrollment::sha256_of(pkcs11::ByteView(certificate));
    const auto run = stage->run(job, all_secrets());
    const auto* renewed = std::get_if<messages::RenewResult>(&run.last);
    ASSERT_NE(renewed, nullptr) << run.in_words();
    const bool two_legs = home == "always";
    EXPECT_EQ(renewed->new_certificate.key_id, two_legs ? "02" : "05");
    EXPECT_EQ(renewed->new_certificate.purpose, messages::Purpose::signature);
    EXPECT_EQ(stage->issued() - issued, two_legs ? 2U : 1U);
    const auto now = stage->card().state();
    EXPECT_EQ(now.keys.at(authentication_slot), before.keys.at(authentication_slot));
    EXPECT_EQ(now.keys.at(signature_slot) == old, !two_legs);
    EXPECT_TRUE(CardStage::has_pair(now, signature_slot));
    EXPECT_EQ(certificate_in(now, first_retired_slot).empty(), two_legs);
    commands[home] = stage->card().commands().size();
  }
  std::printf("commands to renew a certificate for signatures: %zu with one leg, %zu with both\n",
              commands["never"], commands["always"]);
}

/// A card lasts: however often it is renewed, two slots are enough, and no key is certified twice. ./dev test
/// --all renews it fifty times.
TEST_F(SecondLeg, never_uses_more_than_two_slots) {
  const char* which = std::getenv("KOSHIN_STORMS");
  const bool all = which != nullptr && std::string_view(which) == "all";
  const int renewals = all ? 50 : 6;
  messages::Job job;
  job.kind = messages::JobKind::renew;
  stage->bank().set("repeat_key", "forbidden");
  std::set<Bytes> keys{stage->first_state().keys.at(authentication_slot).private_key};
  for (int number = 1; number <= renewals; ++number) {
    job.force = number > 1;
    const auto run = stage->run(job, all_secrets());
    ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << number << ": " << run.in_words();
    const auto state = stage->card().state();
    std::set<unsigned> slots;
    for (const auto& [slot, key] : state.keys) {
      slots.insert(slot);
      ASSERT_TRUE(keys.insert(key.private_key).second)
          << "renewal " << number << ", an earlier key in " << slot;
    }
    ASSERT_EQ(slots, (std::set<unsigned>{authentication_slot, first_retired_slot})) << "renewal " << number;
    ASSERT_TRUE(CardStage::has_pair(state, authentication_slot)) << "renewal " << number;
    ASSERT_THAT(certificate_in(state, first_retired_slot), SizeIs(0)) << "renewal " << number;
    ASSERT_EQ(stage->issued(), 2U * static_cast<unsigned>(number));
  }
  std::printf("renewals of one card in two slots: %d\n", renewals);
}

}  // namespace
}  // namespace koshin::cards
