// SPDX-License-Identifier: MIT
// The object that shows whether a token can be written: when it is made, what a module's refusal means, and
// that an interruption leaves nothing of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include "faults/objects.hpp"
#include "faults/sweep.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::faults {
namespace {

const std::string tries = "token.trial_object = \"auto\"\n";

bool trial_is_left() {
  const auto objects = objects_on_token();
  return std::any_of(objects.begin(), objects.end(),
                     [](const auto& object) { return object.label == "koshin trial"; });
}

Plan refusal_of_first_object(unsigned long rv) {
  Plan plan;
  plan.function = "C_CreateObject";
  plan.at = 1;
  plan.action = Action::error;
  plan.rv = rv;
  return plan;
}

class TrialObjectTest : public testing::Test {
 protected:
  Stage stage;
  Trial trial{stage, tries};
};

TEST_F(TrialObjectTest, is_made_and_deleted_before_the_first_renewal_of_a_token_and_no_other) {
  const auto run = trial.renew();
  for (const auto& loss : trial.losses(run)) ADD_FAILURE() << loss;
  EXPECT_EQ(run.calls.calls("C_CreateObject"), 2U) << "the trial, and the certificate";
  EXPECT_EQ(run.calls.calls("C_DestroyObject"), 1U);
  EXPECT_FALSE(trial_is_left());
  messages::Job again;
  again.kind = messages::JobKind::renew;
  again.force = true;
  const auto second = trial.run(again, {}, std::chrono::seconds(60), {}, test::SoftHsm::default_pin);
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(second.last)) << to_json(second.last);
  EXPECT_EQ(second.calls.calls("C_CreateObject"), 1U) << "the journal tells that the token was written";
}

TEST_F(TrialObjectTest, that_is_refused_ends_the_renewal_before_anything_is_requested) {
  for (const unsigned long rv : {CKR_FUNCTION_NOT_SUPPORTED, CKR_USER_NOT_LOGGED_IN, CKR_SESSION_READ_ONLY}) {
    const auto run = trial.renew(refusal_of_first_object(rv));
    EXPECT_EQ(run.failure(), Reason::token_write_refused) << to_json(run.last);
    EXPECT_EQ(run.calls.calls("C_GenerateKeyPair"), 0U);
    EXPECT_TRUE(trial.damage().empty());
  }
  const auto run = trial.renew();
  for (const auto& loss : trial.losses(run)) ADD_FAILURE() << loss;
}

TEST_F(TrialObjectTest, that_a_protected_token_refuses_has_the_reason_of_such_a_token) {
  const auto run = trial.renew(refusal_of_first_object(CKR_TOKEN_WRITE_PROTECTED));
  EXPECT_EQ(run.failure(), Reason::token_write_protected) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_GenerateKeyPair"), 0U);
}

/// A token may take no certificate without a key: that says nothing about the certificate of a renewal.
TEST_F(TrialObjectTest, that_is_refused_for_another_reason_leaves_it_open) {
  for (const unsigned long rv : {CKR_ATTRIBUTE_VALUE_INVALID, CKR_GENERAL_ERROR}) {
    Trial other(stage, tries);
    const auto run = other.renew(refusal_of_first_object(rv));
    EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  }
}

std::size_t trials_on_token() {
  const auto objects = objects_on_token();
  return static_cast<std::size_t>(std::count_if(
      objects.begin(), objects.end(), [](const auto& object) { return object.label == "koshin trial"; }));
}

TEST_F(TrialObjectTest, that_the_token_does_not_delete_is_the_only_one) {
  Plan plan;
  plan.function = "C_DestroyObject";
  plan.at = 1;
  plan.from_then_on = true;
  plan.action = Action::error;
  plan.rv = CKR_ACTION_PROHIBITED;
  stage.bank().set("simplereenroll.status", "2*503:not now");
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(trial.renew(plan).failure(), Reason::authority_busy);
    EXPECT_EQ(trials_on_token(), 1U);
    // The next run is another computer's, which knows nothing of a key that was made.
    for (const char* part : {"", "-wal", "-shm"})
      std::filesystem::remove(paths::journal_file().string() + part);
  }
  const auto run = trial.renew(plan);
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  EXPECT_EQ(trials_on_token(), 1U);
}

TEST_F(TrialObjectTest, is_not_made_once_the_key_is_there) {
  Plan plan = refusal_of_first_object(CKR_GENERAL_ERROR);
  stage.bank().set("simplereenroll.status", "1*503:not now");
  EXPECT_EQ(trial.renew(plan).failure(), Reason::authority_busy);
  const auto run = trial.renew();
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_CreateObject"), 1U) << "the certificate alone";
}

/// Nothing is promised that the renewal will not do.
TEST_F(TrialObjectTest, is_announced_only_where_there_is_a_certificate_for_it) {
  stage.bank().set("cacerts.status", "9*503:not now");
  messages::Job job;
  job.kind = messages::JobKind::doctor;
  const auto doctor = trial.run(job, {}, std::chrono::seconds(60), {}, test::SoftHsm::default_pin);
  stage.bank().set("cacerts.status", "");
  const auto* result = std::get_if<messages::DoctorResult>(&doctor.last);
  ASSERT_NE(result, nullptr);
  EXPECT_TRUE(std::any_of(result->checks.begin(), result->checks.end(),
                          [](const auto& check) { return check.finding == "write_untold"; }));
}

TEST(NoTrialObject, is_made_where_the_settings_say_so) {
  Stage stage;
  Trial trial(stage, "token.trial_object = \"never\"\n");
  const auto run = trial.renew();
  for (const auto& loss : trial.losses(run)) ADD_FAILURE() << loss;
  EXPECT_EQ(run.calls.calls("C_CreateObject"), 1U);
}

TEST_F(TrialObjectTest, is_no_matter_of_a_look) {
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.dry_run = true;
  const auto run = trial.run(job, {}, std::chrono::seconds(60), {}, test::SoftHsm::default_pin);
  EXPECT_EQ(run.calls.calls("C_CreateObject"), 0U);
  job.dry_run = false;
  job.kind = messages::JobKind::doctor;
  const auto doctor = trial.run(job, {}, std::chrono::seconds(60), {}, test::SoftHsm::default_pin);
  EXPECT_EQ(doctor.calls.calls("C_CreateObject"), 0U);
  const auto* result = std::get_if<messages::DoctorResult>(&doctor.last);
  ASSERT_NE(result, nullptr);
  EXPECT_TRUE(std::any_of(result->checks.begin(), result->checks.end(),
                          [](const auto& check) { return check.finding == "write_untried"; }));
}

/// From the trial object's making to its deletion.
class TrialObjectSweep : public testing::TestWithParam<Kind> {};

TEST_P(TrialObjectSweep, leaves_nothing_behind) {
  Stage stage;
  unsigned first = 0, last = 0;
  {
    Trial trial(stage, tries);
    const auto run = trial.renew();
    for (const auto& loss : trial.losses(run)) ADD_FAILURE() << "undisturbed: " << loss;
    for (unsigned number = run.calls.calls(); number >= 1; --number) {
      if (run.calls.name(number) == "C_CreateObject") first = number;
      if (last == 0 && run.calls.name(number) == "C_DestroyObject") last = number;
    }
  }
  ASSERT_NE(first, 0U);
  ASSERT_GT(last, first);
  Tally tally;
  for (unsigned number = first; number <= last; ++number) {
    Trial trial(stage, tries);
    const auto point =
        std::string(GetParam().words) + " call " + std::to_string(number) + " of a trial object";
    EXPECT_TRUE(trial.renew(plan_of(GetParam(), number)).calls.struck()) << point << " was never reached";
    for (const auto& damage : trial.damage()) ADD_FAILURE() << point << ", interrupted: " << damage;
    trial.reinsert();
    auto losses = trial.losses(trial.renew());
    if (trial_is_left()) losses.push_back("the trial object is left");
    tally.add(point, losses);
  }
  tally.report(std::string(GetParam().words) + " each call of the trial object");
}

INSTANTIATE_TEST_SUITE_P(
    Token, TrialObjectSweep,
    testing::Values(Kind{"kill_before", "killed before", Action::kill, false, false, 0},
                    Kind{"kill_after", "killed after", Action::kill, true, false, 0},
                    Kind{"device_error_afterwards", "CKR_DEVICE_ERROR after", Action::error, true, false,
                         CKR_DEVICE_ERROR},
                    Kind{"removed_before", "token pulled before", Action::remove, false, false, 0},
                    Kind{"removed_after", "token pulled after", Action::remove, true, false, 0}),
    [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace koshin::faults
