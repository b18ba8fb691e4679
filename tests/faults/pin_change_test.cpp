// SPDX-License-Identifier: MIT
// A new PIN through the real worker: what is refused before a try is spent, what the token refuses, and what
// becomes of a PIN that lies in a file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include <fstream>

#include "faults/pin_trial.hpp"

namespace koshin::faults {
namespace {

using messages::JobKind;
using testing::HasSubstr;

class PinChange : public testing::Test {
 protected:
  void begin(JobKind kind = JobKind::change_pin, const std::string& settings = "") {
    trial_.reset();  // one is in use at a time
    trial_ = std::make_unique<PinTrial>(stage_, kind, settings);
  }
  /// Asked with this new PIN: the reason, and nothing was presented.
  Reason refused_untried(const std::string& wanted, const Plan& plan = {}, const std::string& pin = old_pin) {
    trial_->trial().want_pin(wanted);
    const auto run = trial_->once(plan, {}, pin);
    EXPECT_EQ(run.calls.calls("C_SetPIN") + run.calls.calls("C_Login"), 0U) << to_json(run.last);
    const auto told = PinTrial::told(run);
    EXPECT_TRUE(told) << to_json(run.last);
    return told ? told->reason : Reason::internal_error;
  }
  static Plan with_flags(unsigned long flags) {
    Plan plan;
    plan.token_flags = flags;
    return plan;
  }
  static Plan answering(const char* function, unsigned long rv) {
    Plan plan;
    plan.function = function;
    plan.at = 1;
    plan.action = Action::error;
    plan.rv = rv;
    return plan;
  }

  Stage stage_;
  std::unique_ptr<PinTrial> trial_;
};

TEST_F(PinChange, replaces_the_pin_with_one_try_of_it) {
  begin();
  const auto run = trial_->once();
  const auto* result = std::get_if<messages::PinResult>(&run.last);
  ASSERT_NE(result, nullptr) << to_json(run.last);
  EXPECT_EQ(result->token.label, Stage::token_label);
  EXPECT_EQ(result->pin_file, "");
  EXPECT_EQ(run.calls.calls("C_SetPIN"), 1U);
  EXPECT_EQ(run.calls.calls("C_Login"), 0U);
  EXPECT_FALSE(PinTrial::counts(old_pin));
  EXPECT_TRUE(PinTrial::counts(new_pin));
}

TEST_F(PinChange, is_set_by_the_security_officer_where_it_is_locked) {
  begin(JobKind::reset_pin);
  const auto run = trial_->once(with_flags(CKF_USER_PIN_LOCKED));
  EXPECT_TRUE(std::holds_alternative<messages::PinResult>(run.last)) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_InitPIN"), 1U);
  EXPECT_TRUE(PinTrial::counts(new_pin));
  EXPECT_FALSE(PinTrial::counts(old_pin));
}

TEST_F(PinChange, P2_a_wrong_pin_costs_one_try_and_changes_nothing) {
  begin();
  const auto run = trial_->once({}, {}, "87654321");
  EXPECT_EQ(run.failure(), Reason::pin_incorrect) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_SetPIN"), 1U);
  EXPECT_EQ(run.calls.calls("C_Login"), 0U);
  EXPECT_TRUE(PinTrial::counts(old_pin));
  EXPECT_FALSE(trial_->is_in_doubt());
}

TEST_F(PinChange, a_wrong_officers_pin_is_told_as_such) {
  begin(JobKind::reset_pin);
  trial_->trial().act_as_officer_with("so-87654321");
  const auto run = trial_->once();
  EXPECT_EQ(run.failure(), Reason::so_pin_incorrect) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_InitPIN"), 0U);
  EXPECT_TRUE(PinTrial::counts(old_pin));
}

TEST_F(PinChange, P2_the_rules_are_checked_before_a_try_is_spent) {
  begin(JobKind::change_pin, "pin.minimum_length = 8\ntoken.pin_characters = \"digits\"\n");
  EXPECT_EQ(refused_untried("2468135"), Reason::new_pin_refused) << "shorter than the settings want it";
  EXPECT_EQ(refused_untried("2468a357"), Reason::new_pin_refused);
  EXPECT_EQ(refused_untried("11111111"), Reason::new_pin_refused);
  EXPECT_EQ(refused_untried("12345678"), Reason::new_pin_refused);
  EXPECT_EQ(refused_untried("98765432"), Reason::new_pin_refused);
  EXPECT_EQ(refused_untried(old_pin), Reason::new_pin_refused);
  EXPECT_EQ(refused_untried(""), Reason::pin_required);
  begin(JobKind::change_pin, "pin.refuse_simple = false\n");
  trial_->trial().want_pin("11111111");
  EXPECT_FALSE(trial_->once().failure());
  EXPECT_TRUE(PinTrial::counts("11111111"));
}

TEST_F(PinChange, P2_the_tokens_state_is_asked_before_a_try_is_spent) {
  begin();
  EXPECT_EQ(refused_untried(new_pin, with_flags(CKF_USER_PIN_LOCKED)), Reason::pin_locked);
  EXPECT_EQ(refused_untried(new_pin, with_flags(CKF_USER_PIN_FINAL_TRY)), Reason::pin_final_try);
  EXPECT_EQ(refused_untried(new_pin, with_flags(CKF_USER_PIN_COUNT_LOW)), Reason::pin_count_low);
  EXPECT_EQ(refused_untried(new_pin, with_flags(CKF_WRITE_PROTECTED)), Reason::token_write_protected);
  Plan not_set;
  not_set.token_flags_off = CKF_USER_PIN_INITIALIZED;
  EXPECT_EQ(refused_untried(new_pin, not_set), Reason::pin_not_set);
  begin(JobKind::reset_pin);
  EXPECT_EQ(refused_untried(new_pin, with_flags(CKF_SO_PIN_LOCKED)), Reason::so_pin_incorrect);
  EXPECT_EQ(refused_untried(new_pin, with_flags(CKF_SO_PIN_FINAL_TRY)), Reason::so_pin_incorrect);
  trial_->trial().act_as_officer_with("");
  EXPECT_EQ(refused_untried(new_pin), Reason::so_pin_required);
}

TEST_F(PinChange, that_the_token_wants_is_no_reason_against_it) {
  begin();
  EXPECT_FALSE(trial_->once(with_flags(CKF_USER_PIN_TO_BE_CHANGED)).failure());
  EXPECT_TRUE(PinTrial::counts(new_pin));
}

TEST_F(PinChange, what_the_token_answers_is_told_in_its_meaning) {
  const std::map<unsigned long, Reason> meanings{{CKR_PIN_LEN_RANGE, Reason::new_pin_refused},
                                                 {CKR_PIN_INVALID, Reason::new_pin_refused},
                                                 {CKR_PIN_TOO_WEAK, Reason::new_pin_refused},
                                                 {CKR_PIN_LOCKED, Reason::pin_locked},
                                                 {CKR_FUNCTION_CANCELED, Reason::pin_cancelled},
                                                 {CKR_FUNCTION_NOT_SUPPORTED, Reason::pin_change_unsupported},
                                                 {CKR_TOKEN_WRITE_PROTECTED, Reason::token_write_protected},
                                                 {CKR_FUNCTION_FAILED, Reason::pin_change_unknown},
                                                 {CKR_DEVICE_REMOVED, Reason::pin_change_unknown}};
  for (const JobKind kind : {JobKind::change_pin, JobKind::reset_pin}) {
    for (const auto& [rv, reason] : meanings) {
      begin(kind);
      const auto run = trial_->once(answering(kind == JobKind::change_pin ? "C_SetPIN" : "C_InitPIN", rv));
      EXPECT_EQ(run.failure(), reason) << std::hex << rv << ": " << to_json(run.last);
      EXPECT_EQ(trial_->is_in_doubt(), reason == Reason::pin_change_unknown) << std::hex << rv;
    }
  }
}

/// PKCS#11 lets a module change PINs without a login; some do not.
TEST_F(PinChange, a_module_that_wants_a_login_first_gets_one) {
  begin();
  const auto run = trial_->once(answering("C_SetPIN", CKR_USER_NOT_LOGGED_IN));
  EXPECT_TRUE(std::holds_alternative<messages::PinResult>(run.last)) << to_json(run.last);
  EXPECT_EQ(run.calls.real("C_Login"), 1U);
  EXPECT_EQ(run.calls.real("C_SetPIN"), 1U);
  EXPECT_TRUE(PinTrial::counts(new_pin));
}

TEST_F(PinChange, on_a_reader_with_a_keypad_is_typed_there) {
  begin();
  trial_->trial().want_pin("");
  Plan plan = with_flags(CKF_PROTECTED_AUTHENTICATION_PATH);
  plan.keypad_pin = old_pin;
  plan.keypad_new_pin = new_pin;
  messages::Job job;
  job.protected_path = true;
  const auto run = trial_->once(plan, {}, "", job);
  EXPECT_TRUE(std::holds_alternative<messages::PinResult>(run.last)) << to_json(run.last);
  EXPECT_EQ(run.calls.times("keypad", "C_SetPIN"), 2U) << "the PIN and the new one";
  EXPECT_TRUE(PinTrial::counts(new_pin));
}

TEST_F(PinChange, the_officers_pin_of_the_keypad_is_not_told_as_the_persons) {
  for (const unsigned long rv : {CKR_PIN_INCORRECT, CKR_PIN_LOCKED}) {
    begin(JobKind::reset_pin);
    trial_->trial().want_pin("");
    trial_->trial().act_as_officer_with("");
    Plan plan = answering("C_Login", rv);
    plan.token_flags = CKF_PROTECTED_AUTHENTICATION_PATH;
    messages::Job job;
    job.protected_path = true;
    const auto run = trial_->once(plan, {}, "", job);
    EXPECT_EQ(run.failure(), Reason::so_pin_incorrect) << std::hex << rv << ": " << to_json(run.last);
  }
}

/// CKF_LOGIN_REQUIRED speaks of what the token shows, and C_InitPIN wants the security officer all the same.
TEST_F(PinChange, is_set_by_the_officer_of_a_token_that_wants_no_login) {
  begin(JobKind::reset_pin);
  Plan plan;
  plan.token_flags_off = CKF_LOGIN_REQUIRED;
  const auto run = trial_->once(plan);
  EXPECT_TRUE(std::holds_alternative<messages::PinResult>(run.last)) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_Login"), 1U);
  EXPECT_TRUE(PinTrial::counts(new_pin));
}

class StoredPinAfterChange : public PinChange {
 protected:
  void begin_with_file(JobKind kind = JobKind::change_pin) {
    store(old_pin);
    begin(kind, "token.uri = \"pkcs11:token=work?pin-source=file:" + file_.string() + "\"\n");
  }
  void store(const std::string& pin) {
    std::ofstream(file_, std::ios::trunc) << pin << '\n';
    std::filesystem::permissions(file_,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    written_ += std::chrono::seconds(2);
    std::filesystem::last_write_time(file_, written_);
  }
  void expect_not_presented(const std::string& why) {
    const auto run = trial_->unattended();
    EXPECT_EQ(run.failure(), Reason::pin_refused_before) << to_json(run.last);
    EXPECT_EQ(run.calls.calls("C_Login"), 0U);
    EXPECT_THAT(to_json(run.last), HasSubstr(why));
    EXPECT_THAT(to_json(run.last), HasSubstr(file_.string()));
  }

  std::filesystem::path file_ = stage_.path() / "pin";
  std::filesystem::file_time_type written_ =
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
};

TEST_F(StoredPinAfterChange, P2_is_named_and_not_presented_until_its_file_is_written_anew) {
  for (const JobKind kind : {JobKind::change_pin, JobKind::reset_pin}) {
    begin_with_file(kind);
    EXPECT_FALSE(trial_->unattended().failure()) << "it opens the token before";
    const auto run = trial_->once();
    const auto* result = std::get_if<messages::PinResult>(&run.last);
    ASSERT_NE(result, nullptr) << to_json(run.last);
    EXPECT_EQ(result->pin_file, file_.string());
    expect_not_presented("the PIN of this token was changed");
    EXPECT_FALSE(trial_->log_in(new_pin).failure());
    expect_not_presented("the PIN of this token was changed");
    store(new_pin);
    EXPECT_FALSE(trial_->unattended().failure());
  }
}

TEST_F(StoredPinAfterChange, P2_is_not_presented_after_a_change_that_was_cut_off) {
  begin_with_file();
  Plan plan;
  plan.function = "C_SetPIN";
  plan.at = 1;
  plan.after = true;
  plan.action = Action::kill;
  trial_->once(plan);
  expect_not_presented("was cut off");
  EXPECT_FALSE(trial_->log_in(new_pin).failure());
  EXPECT_FALSE(trial_->is_in_doubt());
  expect_not_presented("the PIN of this token was changed");
  store(new_pin);
  EXPECT_FALSE(trial_->unattended().failure());
}

TEST_F(StoredPinAfterChange, is_in_use_again_once_a_person_has_shown_that_it_counts) {
  begin_with_file();
  Plan plan;
  plan.function = "C_SetPIN";
  plan.at = 1;
  plan.action = Action::kill;
  trial_->once(plan);
  expect_not_presented("was cut off");
  EXPECT_FALSE(trial_->log_in(old_pin).failure()) << "it was cut off before the token had changed it";
  EXPECT_FALSE(trial_->unattended().failure());
}

TEST_F(StoredPinAfterChange, is_not_said_to_be_old_where_the_new_one_was_written_beforehand) {
  begin_with_file();
  store(new_pin);
  const auto run = trial_->once();
  const auto* result = std::get_if<messages::PinResult>(&run.last);
  ASSERT_NE(result, nullptr) << to_json(run.last);
  EXPECT_EQ(result->pin_file, "");
  EXPECT_FALSE(trial_->unattended().failure());
}

TEST_F(StoredPinAfterChange, a_refused_change_leaves_it_in_use) {
  begin_with_file();
  EXPECT_TRUE(trial_->once(answering("C_SetPIN", CKR_PIN_TOO_WEAK)).failure());
  EXPECT_FALSE(trial_->unattended().failure());
}

TEST_F(StoredPinAfterChange, P2_opens_the_change_itself_without_a_person) {
  begin_with_file();
  messages::Job job;
  job.unattended = true;
  const auto run = trial_->once({}, {}, "", job);
  EXPECT_TRUE(std::holds_alternative<messages::PinResult>(run.last)) << to_json(run.last);
  EXPECT_TRUE(PinTrial::counts(new_pin));
}

}  // namespace
}  // namespace koshin::faults
