// SPDX-License-Identifier: MIT
// PINs, tokens and certificates that cannot be renewed as they are: each is told by its own reason, with
// something to do about it, costs no PIN try it need not cost, makes no key and loses nothing.
#include <p11-kit/pkcs11.h>

#include "bad_input_fixture.hpp"

namespace koshin::faults {
namespace {

namespace fs = std::filesystem;
using pkcs11::ObjectClass;

TEST_F(BadInput, a_wrong_pin_is_pin_incorrect) {
  const auto run = trial_.renew({}, std::chrono::seconds(60), {}, "87654321");
  EXPECT_EQ(run.failure(), Reason::pin_incorrect);
  EXPECT_EQ(run.calls.calls("C_Login"), 1U);
}

TEST_F(BadInput, P2_a_locked_pin_costs_no_try) {
  expect_no_try(expect_failure(Reason::pin_locked, flags(CKF_USER_PIN_LOCKED)));
}

TEST_F(BadInput, P2_after_a_wrong_pin_another_is_tried_only_when_somebody_insists) {
  const auto plan = flags(CKF_USER_PIN_COUNT_LOW);
  expect_no_try(expect_failure(Reason::pin_count_low, plan));
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.insist_count_low = true;
  expect_renewed(trial_.run(job, plan, std::chrono::seconds(60), {}, test::SoftHsm::default_pin));
}

TEST_F(BadInput, P2_the_final_try_is_taken_only_when_somebody_insists) {
  const auto plan = flags(CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_COUNT_LOW);
  expect_no_try(expect_failure(Reason::pin_final_try, plan));
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.insist_final_try = true;
  expect_renewed(trial_.run(job, plan, std::chrono::seconds(60), {}, test::SoftHsm::default_pin));
}

TEST_F(BadInput, P2_a_pin_that_has_to_be_changed_is_pin_expired) {
  expect_no_try(expect_failure(Reason::pin_expired, flags(CKF_USER_PIN_TO_BE_CHANGED)));
}

TEST_F(BadInput, a_write_protected_token_is_noticed_before_the_pin_is_spent) {
  expect_no_try(expect_failure(Reason::token_write_protected, flags(CKF_WRITE_PROTECTED)));
}

TEST_F(BadInput, a_token_too_full_for_a_key_is_token_full) {
  expect_failure(Reason::token_full, failing("C_GenerateKeyPair", CKR_DEVICE_MEMORY));
}

TEST_F(BadInput, a_token_too_full_for_the_certificate_keeps_the_key_for_later) {
  const auto run = trial_.renew(failing("C_CreateObject", CKR_DEVICE_MEMORY));
  EXPECT_EQ(run.failure(), Reason::token_full) << to_json(run.last);
  for (const auto& loss : trial_.losses(trial_.renew())) ADD_FAILURE() << loss;
}

TEST_F(BadInput, a_token_that_is_not_there_is_token_not_found) {
  trial_.pull();
  expect_no_try(expect_failure(Reason::token_not_found));
  trial_.reinsert();
  for (const auto& loss : trial_.losses(trial_.renew())) ADD_FAILURE() << loss;
}

TEST_F(BadInput, a_blank_token_is_token_uninitialized) {
  fs::remove_all(trial_.path() / "tokens");
  fs::create_directories(trial_.path() / "tokens");
  expect_no_try(expect_failure(Reason::token_uninitialized));
}

TEST_F(BadInput, a_token_without_a_pin_is_pin_not_set) {
  // SoftHSM's own answer: a token whose user PIN nobody has set.
  fs::remove_all(trial_.path() / "tokens");
  test::SoftHsm fresh(trial_.path());
  fresh.init_token("other");
  Plan plan;
  plan.token_flags_off = CKF_USER_PIN_INITIALIZED;
  expect_no_try(expect_failure(Reason::pin_not_set, plan));
}

TEST_F(BadInput, two_tokens_with_one_label_are_told_apart_by_their_uri) {
  test::SoftHsm second(trial_.path());
  second.init_token(Stage::token_label);
  const auto run = expect_failure(Reason::token_ambiguous);
  expect_no_try(run);
  const auto detail = std::get<Failure>(run.last).detail;
  std::string serial;
  {
    const auto module = pkcs11::Module::load(test::SoftHsm::module());
    for (const auto& token : module->tokens()) {
      if (!token.initialized) continue;
      EXPECT_THAT(detail, testing::HasSubstr(token.identity.serial))
          << "both are named, so that one can be chosen";
      const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_only);
      if (!session->objects().empty()) serial = token.identity.serial;
    }
  }
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.token_uri = "pkcs11:serial=" + serial;
  expect_renewed(trial_.run(job, {}, std::chrono::seconds(60), {}, test::SoftHsm::default_pin));
}

TEST_F(BadInput, of_two_certificates_for_one_subject_the_later_one_is_renewed) {
  add_certificate(test::default_user, 20);
  const auto run = trial_.renew();
  expect_renewed(run);
  EXPECT_EQ(std::get<messages::RenewResult>(run.last).old_certificate.key_id, "1414141414141414");
}

TEST_F(BadInput, of_several_certificates_near_expiry_the_first_to_expire_is_renewed) {
  add_certificate("12345678901234 user0002", 5);
  add_certificate("12345678901234 user0003", 25);
  const auto run = trial_.renew();
  expect_renewed(run);
  EXPECT_EQ(std::get<messages::RenewResult>(run.last).old_certificate.common_name, "12345678901234 user0002");
}

TEST_F(BadInput, a_certificate_without_its_key_is_key_not_found) {
  destroy_all(ObjectClass::private_key);
  expect_failure(Reason::key_not_found);
}

TEST_F(BadInput, a_key_without_certificate_is_certificate_not_found) {
  destroy_all(ObjectClass::certificate);
  expect_failure(Reason::certificate_not_found);
}

TEST_F(BadInput, an_expired_certificate_needs_a_reissue) {
  destroy_all(ObjectClass::certificate);
  add_certificate(test::default_user, -3);
  expect_failure(Reason::reissue_needed);
}

TEST_F(BadInput, a_certificate_that_is_good_for_long_is_not_due) {
  destroy_all(ObjectClass::certificate);
  add_certificate(test::default_user, 120);
  expect_failure(Reason::not_due);
}

}  // namespace
}  // namespace koshin::faults
