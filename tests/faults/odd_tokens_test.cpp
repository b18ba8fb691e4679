// SPDX-License-Identifier: MIT
// Tokens that are in order and all the same not like others, each renewed by the real worker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include <fstream>

#include "faults/trial.hpp"
#include "foundation/jobs/job_runner.hpp"

namespace koshin::faults {
namespace {

void expect_renewed(const Trial& trial, const Trial::Run& run) {
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  for (const auto& loss : trial.losses(run)) ADD_FAILURE() << loss;
}

messages::Job renewal() {
  messages::Job job;
  job.kind = messages::JobKind::renew;
  return job;
}

TEST(OddTokens, P2_a_reader_with_a_keypad_is_given_no_pin_and_asks_once) {
  Stage stage;
  Trial trial(stage);
  Plan plan;
  plan.token_flags = CKF_PROTECTED_AUTHENTICATION_PATH;
  plan.keypad_pin = test::SoftHsm::default_pin;
  const auto run = trial.run(renewal(), plan, std::chrono::seconds(60), {}, "");
  expect_renewed(trial, run);
  EXPECT_EQ(run.calls.times("keypad", "C_Login"), 1U);
}

TEST(OddTokens, P2_a_wrong_pin_on_the_keypad_costs_one_try) {
  Stage stage;
  Trial trial(stage);
  Plan plan;
  plan.token_flags = CKF_PROTECTED_AUTHENTICATION_PATH;
  plan.keypad_pin = "87654321";
  const auto run = trial.run(renewal(), plan, std::chrono::seconds(60), {}, "");
  EXPECT_EQ(run.failure(), Reason::pin_incorrect) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_Login"), 1U);
}

TEST(OddTokens, P6_a_token_without_pss_and_raw_rsa_is_renewed_over_tls_1_2_and_it_is_said) {
  Stage stage(12, pkcs11::KeyAlgorithm::rsa_2048);
  Trial trial(stage);
  Plan plan;
  plan.only_pkcs1 = true;
  const auto run = trial.run(renewal(), plan, std::chrono::seconds(60), {}, test::SoftHsm::default_pin);
  expect_renewed(trial, run);
  EXPECT_THAT(run.notices, testing::ElementsAre("tls_capped_at_1_2"));
}

TEST(OddTokens, P6_a_token_with_pss_is_not_held_back) {
  Stage stage(12, pkcs11::KeyAlgorithm::rsa_2048);
  Trial trial(stage);
  const auto run = trial.renew();
  expect_renewed(trial, run);
  EXPECT_THAT(run.notices, testing::IsEmpty());
}

TEST(OddTokens, P7_a_key_that_was_not_made_on_the_token_is_not_used) {
  Stage stage;
  Trial trial(stage);
  Plan plan;
  plan.imported_keys = true;
  for (int run = 0; run < 2; ++run)  // the key that is there is not trusted later either
    EXPECT_EQ(trial.renew(plan).failure(), Reason::key_not_made_on_token);
  EXPECT_EQ(stage.bank().requests("simplereenroll"), 0U) << "no certificate was asked for";
}

TEST(OddTokens, a_module_that_objects_to_nearly_all_attributes_renews_and_deletes) {
  Stage stage;
  Trial trial(stage);
  Plan plan;
  plan.strict = true;
  const auto run = trial.renew(plan);
  expect_renewed(trial, run);
  EXPECT_EQ(run.calls.real("C_GenerateKeyPair"), 1U);
  EXPECT_GT(run.calls.calls("C_GenerateKeyPair"), 1U);
  const auto pruned = trial.prune(plan);
  for (const auto& loss : trial.pruning_losses(pruned)) ADD_FAILURE() << loss;
}

TEST(OddTokens, a_module_is_chosen_by_its_name_in_p11_kit) {
  Stage stage;
  Trial trial(stage);
  test::write_settings(trial.path(), stage.bank(), "token.modules = [\"p11-kit:softhsm2\"]\n");
  const auto renewed = trial.run(renewal(), {}, std::chrono::seconds(60), {}, test::SoftHsm::default_pin);
  expect_renewed(trial, renewed);
  messages::Job doctor;
  doctor.kind = messages::JobKind::doctor;
  const auto told = trial.run(doctor, {}, std::chrono::seconds(60), {}, "");
  const auto* result = std::get_if<messages::DoctorResult>(&told.last);
  ASSERT_NE(result, nullptr) << to_json(told.last);
  const auto listed = std::find_if(result->checks.begin(), result->checks.end(),
                                   [](const auto& check) { return check.name == "registered modules"; });
  ASSERT_NE(listed, result->checks.end());
  EXPECT_THAT(listed->text, testing::HasSubstr("softhsm2 ("));
  test::write_settings(trial.path(), stage.bank(), "token.modules = [\"p11-kit:no-such\"]\n");
  const auto unknown = trial.renew();
  EXPECT_EQ(unknown.failure(), Reason::module_not_found);
  EXPECT_THAT(std::get<Failure>(unknown.last).detail, testing::HasSubstr("softhsm2"));
}

TEST(OddTokens, ATokenThatTellsOfTooLittleRoomIsTriedAndItIsSaid) {
  Stage stage;
  Trial trial(stage);
  Plan plan;
  plan.free_memory = 200;
  const auto run = trial.renew(plan);
  expect_renewed(trial, run);
  EXPECT_THAT(run.notices, testing::ElementsAre("memory_low"));
}

TEST(OddTokens, ATokenWithRoomIsNotSpokenOf) {
  Stage stage;
  Trial trial(stage);
  Plan plan;
  plan.free_memory = 20'000;
  const auto run = trial.renew(plan);
  expect_renewed(trial, run);
  EXPECT_THAT(run.notices, testing::IsEmpty());
}

}  // namespace
}  // namespace koshin::faults
