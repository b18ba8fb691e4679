// SPDX-License-Identifier: MIT
// Debian's own ykcs11 with a PIV card, through koshin's jobs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "card_stage.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "piv_crypto.hpp"

namespace koshin::cards {
namespace {

const std::string spare_slot_only = "renewal.home_slot = \"never\"\n";

using testing::Contains;
using testing::Field;
using testing::Not;
using testing::SizeIs;

class Ykcs11 : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
  }
  CardStage& plug(Algorithm algorithm = Algorithm::ec_p256) {
    stage.emplace(algorithm);
    stage->plug();
    return *stage;
  }
  void expect_renewed(const JobRun& run) {
    EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
    for (const auto& loss : stage->losses(run)) ADD_FAILURE() << loss;
  }
  JobRun run_kind(messages::JobKind kind, const std::string& pin = card_pin) {
    messages::Job job;
    job.kind = kind;
    return stage->run(std::move(job), {pin, {}, {}});
  }

  /// The number of the first command that begins so (INS, P1) after a rehearsal's opening of the card.
  unsigned command_after_opening(const std::string& instruction) {
    stage->renew();
    const auto commands = stage->card().commands();
    const auto found = std::find_if(commands.begin(), commands.end(), [&](const std::string& command) {
      return command.starts_with(instruction + " ");
    });
    EXPECT_NE(found, commands.end()) << "no command " << instruction;
    return static_cast<unsigned>(found - commands.begin()) + 1;
  }

  std::optional<CardStage> stage;
};

TEST_F(Ykcs11, shows_the_certificate_of_the_card) {
  plug();
  const auto run = run_kind(messages::JobKind::inspect, "");
  const auto* found = std::get_if<messages::InspectResult>(&run.last);
  ASSERT_NE(found, nullptr) << run.in_words();
  ASSERT_THAT(found->tokens, SizeIs(1)) << run.in_words();
  ASSERT_THAT(found->tokens[0].certificates, SizeIs(1)) << run.in_words();
  EXPECT_EQ(found->tokens[0].certificates[0].common_name, test::default_user);
  EXPECT_EQ(found->tokens[0].serial, "12345678");
  std::printf("commands of an inspection: %zu\n", stage->card().commands().size());
}

TEST_F(Ykcs11, a_renewed_certificate_ends_in_the_slot_of_the_old_one) {
  plug();
  const auto run = stage->renew();
  expect_renewed(run);
  EXPECT_THAT(run.notices, Contains("home_slot_begun"));
  const auto& renewed = std::get<messages::RenewResult>(run.last);
  EXPECT_EQ(renewed.new_certificate.key_id, "01");
  EXPECT_EQ(renewed.old_certificate.key_id, "01") << "what the person had, and not what was in between";
  EXPECT_THAT(renewed.token.certificates, SizeIs(1));
  std::printf("commands of a renewal with both legs: %zu\n", stage->card().commands().size());
}

TEST_F(Ykcs11, where_one_certificate_is_allowed_the_renewed_one_stays_in_a_spare_slot) {
  plug();
  stage->use_settings(spare_slot_only);
  const auto run = stage->renew();
  expect_renewed(run);
  EXPECT_THAT(run.notices, Not(Contains("home_slot_begun")));
  EXPECT_EQ(std::get<messages::RenewResult>(run.last).new_certificate.key_id, "05");
  std::printf("commands of a renewal with one leg: %zu\n", stage->card().commands().size());
}

TEST_F(Ykcs11, renews_an_rsa_card) {
  plug(Algorithm::rsa_2048);
  expect_renewed(stage->renew());
}

TEST_F(Ykcs11, P2_a_wrong_pin_costs_one_try) {
  plug();
  EXPECT_EQ(stage->renew({"654321", management_key_in_hexadecimal(), {}}).failure(), Reason::pin_incorrect);
  EXPECT_EQ(stage->card().state().pin.tries_left, 2U);
  EXPECT_THAT(stage->card().state().keys, SizeIs(1));
  EXPECT_EQ(stage->issued(), 0U);
}

TEST_F(Ykcs11, a_wrong_management_key_makes_nothing_and_the_right_one_goes_on) {
  plug();
  std::string wrong = management_key_in_hexadecimal();
  wrong[0] = '7';
  EXPECT_EQ(stage->renew({card_pin, wrong, {}}).failure(), Reason::so_pin_incorrect);
  EXPECT_THAT(stage->card().state().keys, SizeIs(1));
  expect_renewed(stage->renew());
}

TEST_F(Ykcs11, the_doctor_finds_everything_in_order) {
  plug();
  const auto run = run_kind(messages::JobKind::doctor);
  const auto* result = std::get_if<messages::DoctorResult>(&run.last);
  ASSERT_NE(result, nullptr) << run.in_words();
  for (const auto& check : result->checks)
    EXPECT_NE(check.status, "failed") << check.name << ": " << check.text;
}

/// The module has put its placeholder beside the key, by whose date it is known again.
TEST_F(Ykcs11, a_renewal_whose_card_is_pulled_goes_on_with_the_same_key) {
  plug();
  unsigned placeholder =
      command_after_opening("47");  // the number of the command before the first of PUT DATA
  const auto commands = stage->card().commands();
  while (commands.at(placeholder).starts_with("db ")) ++placeholder;
  stage->start_over();
  stage->plug({Fault::Kind::answer_lost, placeholder});
  const auto cut_off = stage->renew();
  ASSERT_TRUE(stage->card().struck());
  EXPECT_EQ(cut_off.failure(), Reason::token_removed) << cut_off.in_words();
  const auto made = stage->card().state().keys;
  ASSERT_THAT(made, SizeIs(2));
  stage->pull();
  stage->plug();
  expect_renewed(stage->renew());
  EXPECT_EQ(stage->card().state().keys.at(first_retired_slot), made.at(first_retired_slot));
}

/// Without the placeholder nothing tells the key from one that another program has made since.
TEST_F(Ykcs11, a_key_that_was_cut_before_its_placeholder_is_left_alone) {
  plug();
  const unsigned generation = command_after_opening("47");
  stage->start_over();
  stage->plug({Fault::Kind::answer_lost, generation});
  EXPECT_EQ(stage->renew().failure(), Reason::token_removed);
  ASSERT_TRUE(stage->card().struck());
  stage->pull();
  stage->leave_untold_keys();
  ASSERT_THAT(stage->untold_keys(), SizeIs(1));
  stage->plug();
  const auto run = stage->renew();
  expect_renewed(run);
  EXPECT_THAT(run.notices, testing::Contains("slot_not_ours"));
}

/// A card that is pulled while the management key is presented is no reason to doubt that key.
TEST_F(Ykcs11, a_card_that_is_pulled_during_a_log_in_is_about_the_card) {
  plug();
  const unsigned authentication = command_after_opening("87 03");
  stage->start_over();
  stage->plug({Fault::Kind::pulled_before, authentication});
  const auto run = stage->renew();
  EXPECT_TRUE(stage->card().struck());
  EXPECT_EQ(run.failure(), Reason::token_removed) << run.in_words();
}

/// ykcs11 answers CKR_OK to the deletion of a key, and keeps it.
TEST_F(Ykcs11, a_deletion_says_which_keys_the_module_has_kept) {
  plug();
  stage->use_settings(spare_slot_only);
  expect_renewed(stage->renew());
  messages::Job job;
  job.kind = messages::JobKind::prune;
  const auto run = stage->run(job, {card_pin, management_key_in_hexadecimal(), {}});
  const auto* pruned = std::get_if<messages::PruneResult>(&run.last);
  ASSERT_NE(pruned, nullptr) << run.in_words();
  const auto state = stage->card().state();
  EXPECT_THAT(certificate_in(state, authentication_slot), SizeIs(0)) << "the old certificate is gone";
  EXPECT_THAT(state.keys, SizeIs(2)) << "and no key is";
  EXPECT_THAT(pruned->kept, Contains(Field(&messages::KeyReport::is_private, true))) << run.in_words();
}

TEST_F(Ykcs11, a_person_without_a_certificate_is_enrolled) {
  stage.emplace();
  stage->change([](CardState& state) {
    state.keys.clear();
    state.objects.erase(certificate_object_of(authentication_slot));
  });
  stage->plug();
  messages::Job job;
  job.kind = messages::JobKind::enroll;
  job.subject_user = test::default_user;
  const auto run = stage->run(
      job, {card_pin, management_key_in_hexadecimal(), stage->bank().reissue_code(test::default_user)});
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_THAT(stage->card().state().keys, SizeIs(1));
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot)) << "at once, with one leg";
  EXPECT_EQ(stage->issued(), 1U);
}

}  // namespace
}  // namespace koshin::cards
