// SPDX-License-Identifier: MIT
// What the doctor says of tokens that a renewal would stop at, asked of the real worker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include "faults/trial.hpp"
#include "foundation/jobs/job_runner.hpp"

namespace koshin::faults {
namespace {

using Check = messages::DoctorResult::Check;

struct Flags {
  unsigned long on = 0, off = 0;
};

Check examined(const Flags& flags, const std::string& name) {
  Stage stage;
  Trial trial(stage);
  messages::Job doctor;
  doctor.kind = messages::JobKind::doctor;
  Plan plan;
  plan.token_flags = flags.on;
  plan.token_flags_off = flags.off;
  const auto told = trial.run(doctor, plan, std::chrono::seconds(60), {}, "");
  EXPECT_EQ(told.calls.calls("C_Login"), 0U) << "no try is spent on looking";
  const auto* result = std::get_if<messages::DoctorResult>(&told.last);
  if (result != nullptr) {
    for (const auto& check : result->checks) {
      if (check.name == name) return check;
    }
  }
  ADD_FAILURE() << "nothing about " << name << " in " << to_json(told.last);
  return {};
}

void expect_found(const Check& check, const char* status, const char* finding, Reason reason) {
  EXPECT_EQ(check.status, status);
  EXPECT_EQ(check.finding, finding);
  EXPECT_EQ(check.reason, reason);
  EXPECT_EQ(check.advice, info(reason).in(Language::en).administrator_action);
}

TEST(Doctor, a_wrong_pin_entered_before_is_a_warning) {
  expect_found(examined({CKF_USER_PIN_COUNT_LOW}, "PIN"), "warning", "pin_count_low", Reason::pin_count_low);
}

TEST(Doctor, the_last_try_is_a_warning) {
  expect_found(examined({CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY}, "PIN"), "warning", "pin_final_try",
               Reason::pin_final_try);
}

TEST(Doctor, a_locked_pin_stands_in_the_way) {
  expect_found(examined({CKF_USER_PIN_LOCKED}, "PIN"), "failed", "pin_locked", Reason::pin_locked);
}

TEST(Doctor, a_pin_that_has_to_be_changed_stands_in_the_way) {
  expect_found(examined({CKF_USER_PIN_TO_BE_CHANGED}, "PIN"), "failed", "pin_to_be_changed",
               Reason::pin_expired);
}

TEST(Doctor, a_token_without_a_pin_stands_in_the_way) {
  expect_found(examined({0, CKF_USER_PIN_INITIALIZED}, "PIN"), "failed", "pin_not_set", Reason::pin_not_set);
}

TEST(Doctor, a_write_protected_token_stands_in_the_way) {
  expect_found(examined({CKF_WRITE_PROTECTED}, "token"), "failed", "token_write_protected",
               Reason::token_write_protected);
}

}  // namespace
}  // namespace koshin::faults
