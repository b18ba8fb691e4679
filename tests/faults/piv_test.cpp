// SPDX-License-Identifier: MIT
// A PIV card: its management key makes the keys and writes the certificates, its PIN signs. Renewed by the
// real worker, and interrupted like any other token.
#include <gtest/gtest.h>

#include "faults/piv_card.hpp"
#include "faults/sweep.hpp"
#include "pkcs11/session.hpp"

namespace koshin::faults {
namespace {

const std::string piv_settings = "token.profile = \"piv\"\n";

Plan on_piv_card(Plan plan = {}) {
  plan.module = piv_module();
  return plan;
}

struct PivTrial : Trial {
  explicit PivTrial(Stage& stage, std::string_view so_pin = management_key) : Trial(stage, piv_settings) {
    act_as_officer_with(so_pin);
  }
  Run renew(const Plan& plan = {}) { return Trial::renew(on_piv_card(plan)); }
  Run prune() { return Trial::prune(on_piv_card()); }
};

/// Fills the slots for retired keys from `first` on, and gives the number of the last.
void fill_slots(unsigned char first) {
  const auto module = pkcs11::Module::load(test::SoftHsm::module());
  const std::string pin = test::SoftHsm::default_pin;
  for (const auto& token : module->tokens()) {
    if (token.label != Stage::token_label) continue;
    const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_write);
    session->login(pkcs11::User::user, {pin.data(), pin.size()});
    for (unsigned char slot = first; slot <= last_piv_slot; ++slot)
      session->generate_key_pair(pkcs11::KeyAlgorithm::ec_p256, test::Bytes{slot}, "retired");
  }
}

TEST(PivCard, P10_is_renewed_with_the_pin_and_the_management_key) {
  Stage stage;
  PivTrial trial(stage);
  const auto run = trial.renew();
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  for (const auto& loss : trial.losses(run)) ADD_FAILURE() << loss;
  const auto module = pkcs11::Module::load(test::SoftHsm::module());
  const auto session =
      pkcs11::Session::open(module, module->tokens().front().slot, pkcs11::Access::read_only);
  EXPECT_EQ(session->objects_with_id(test::Bytes{5}).size(), 2U)
      << "public: the certificate and the public key";
  const auto pruned = trial.prune();
  for (const auto& loss : trial.pruning_losses(pruned)) ADD_FAILURE() << loss;
}

TEST(PivCard, P10_without_the_management_key_no_try_is_spent) {
  Stage stage;
  PivTrial trial(stage, "");
  const auto run = trial.renew();
  EXPECT_EQ(run.failure(), Reason::so_pin_required) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_Login"), 0U);
  EXPECT_EQ(trial.prune().failure(), Reason::so_pin_required);
}

TEST(PivCard, P10_a_wrong_management_key_makes_nothing_and_the_right_one_goes_on) {
  Stage stage;
  PivTrial trial(stage, "00112233445566778899");
  const auto wrong = trial.renew();
  EXPECT_EQ(wrong.failure(), Reason::so_pin_incorrect) << to_json(wrong.last);
  EXPECT_EQ(wrong.calls.calls("C_GenerateKeyPair"), 0U);
  EXPECT_EQ(wrong.calls.calls("C_Login"), 2U) << "the user's PIN once, the management key once";
  EXPECT_EQ(stage.bank().issued(), 0U);
  trial.act_as_officer_with(management_key);
  for (const auto& loss : trial.losses(trial.renew())) ADD_FAILURE() << loss;
}

TEST(PivCard, P10_the_last_free_slot_is_taken_and_no_other) {
  Stage stage;
  PivTrial trial(stage);
  fill_slots(6);
  const auto run = trial.renew();
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
}

TEST(PivCard, P10_a_card_whose_slots_are_all_taken_is_full) {
  Stage stage;
  PivTrial trial(stage);
  fill_slots(5);
  const auto run = trial.renew();
  EXPECT_EQ(run.failure(), Reason::token_full) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_GenerateKeyPair"), 0U);
}

class PivSweep : public testing::TestWithParam<Kind> {};

TEST_P(PivSweep, loses_nothing_at_any_call) {
  Stage stage;
  unsigned calls = 0;
  {
    PivTrial rehearsal(stage);
    const auto run = rehearsal.renew();
    for (const auto& loss : rehearsal.losses(run)) ADD_FAILURE() << "undisturbed: " << loss;
    calls = run.calls.calls();
  }
  Tally tally;
  for (unsigned number = 1; number <= calls; ++number) {
    PivTrial trial(stage);
    const auto point = std::string(GetParam().words) + " call " + std::to_string(number);
    const auto run = trial.renew(plan_of(GetParam(), number));
    EXPECT_TRUE(run.calls.struck()) << point << " was never reached";
    for (const auto& damage : trial.damage()) ADD_FAILURE() << point << ", interrupted: " << damage;
    trial.reinsert();
    tally.add(point, trial.losses(trial.renew()));
  }
  tally.report(std::string("PIV card, ") + GetParam().words + " each call");
}

INSTANTIATE_TEST_SUITE_P(Token, PivSweep,
                         testing::Values(Kind{"kill_before", "killed before", Action::kill, false, false, 0},
                                         Kind{"kill_after", "killed after", Action::kill, true, false, 0},
                                         Kind{"removed_after", "token pulled after", Action::remove, true,
                                              false, 0}),
                         [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace koshin::faults
