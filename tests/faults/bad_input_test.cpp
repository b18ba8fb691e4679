// SPDX-License-Identifier: MIT
// Everything a real desk can put before the worker that cannot be renewed as it is: each is told by its own
// reason, with something to do about it, costs no PIN try it need not cost, makes no key and loses nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <fstream>

#include "faults/trial.hpp"
#include "foundation/paths.hpp"
#include "pkcs11/session.hpp"

namespace koshin::faults {
namespace {

namespace fs = std::filesystem;
using pkcs11::KeyAlgorithm;
using pkcs11::ObjectClass;

std::unique_ptr<pkcs11::Session> open_token(const std::shared_ptr<pkcs11::Module>& module) {
  for (const auto& token : module->tokens()) {
    if (token.label != Stage::token_label) continue;
    auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_write);
    const std::string pin = test::SoftHsm::default_pin;
    session->login(pkcs11::User::user, {pin.data(), pin.size()});
    return session;
  }
  throw std::runtime_error("the trial has no token");
}

class BadInput : public testing::Test {
 protected:
  /// What somebody did to the token before koshin saw it.
  static void with_token(const std::function<void(pkcs11::Session&)>& change) {
    const auto module = pkcs11::Module::load(test::SoftHsm::module());
    change(*open_token(module));
  }

  static void destroy_all(ObjectClass wanted) {
    with_token([&](pkcs11::Session& session) {
      for (const auto& object : session.objects()) {
        if (object.object_class == wanted) session.destroy(object);
      }
    });
  }

  void add_certificate(const std::string& cn, int days_left) {
    with_token([&](pkcs11::Session& session) {
      const pkcs11::Bytes id(8, static_cast<std::uint8_t>(days_left));
      const auto pair = session.generate_key_pair(KeyAlgorithm::ec_p256, id, cn);
      session.write_certificate(stage_.bank().issue(pair.public_key.public_key, cn, days_left), id, cn);
    });
  }

  std::size_t objects_on_disk() const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(trial_.path() / "tokens")) {
      if (entry.path().extension() == ".object") ++count;
    }
    return count;
  }

  /// The renewal fails for this reason, which has advice, and neither token nor authority notice.
  Trial::Run expect_failure(Reason reason, const Plan& plan = {}) {
    const auto objects = objects_on_disk();
    auto run = trial_.renew(plan);
    EXPECT_EQ(run.failure(), reason) << to_json(run.last);
    EXPECT_FALSE(info(reason).english.user_action.empty());
    EXPECT_FALSE(info(reason).japanese.user_action.empty());
    EXPECT_EQ(objects_on_disk(), objects);
    EXPECT_EQ(stage_.bank().issued(), 0U);
    return run;
  }

  void expect_no_try(const Trial::Run& run) { EXPECT_EQ(run.calls.calls("C_Login"), 0U); }

  void expect_renewed(const Trial::Run& run) {
    EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  }

  static Plan flags(unsigned long value) {
    Plan plan;
    plan.token_flags = value;
    return plan;
  }

  static Plan failing(const std::string& function, unsigned long rv) {
    Plan plan;
    plan.function = function;
    plan.at = 1;
    plan.action = Action::error;
    plan.rv = rv;
    return plan;
  }

  void rewrite_settings(const std::string& text) {
    std::ofstream(trial_.settings(), std::ios::trunc) << text;
  }

  Stage stage_;
  Trial trial_{stage_};
};

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

class BadModule : public BadInput {
 protected:
  void expect_module_failure(const std::string& path, Reason reason) {
    rewrite_settings("token.modules = [\"" + path + "\"]\nauthority.url = \"" + stage_.bank().url() + "\"\n");
    expect_failure(reason);
  }
};

TEST_F(BadModule, a_path_that_leads_nowhere_is_module_not_found) {
  expect_module_failure("/usr/lib/no-such-module.so", Reason::module_not_found);
}

TEST_F(BadModule, a_text_file_is_module_not_loadable) {
  const auto file = trial_.path() / "module.so";
  std::ofstream(file) << "this is no shared object\n";
  expect_module_failure(file.string(), Reason::module_not_loadable);
}

TEST_F(BadModule, a_library_that_is_no_pkcs11_module_is_module_incompatible) {
  expect_module_failure(journal_shim().string(), Reason::module_incompatible);
}

TEST_F(BadInput, settings_of_binary_garbage_are_settings_invalid) {
  std::string garbage;
  for (int i = 0; i < 4096; ++i) garbage += static_cast<char>((i * 7919) >> 3);
  rewrite_settings(garbage);
  const auto run = expect_failure(Reason::settings_invalid);
  EXPECT_THAT(std::get<Failure>(run.last).detail, testing::HasSubstr("koshin.toml:1:"));
}

TEST_F(BadInput, P2_a_damaged_journal_is_found_before_a_wrong_pin_is_presented) {
  using messages::JobKind;
  for (const auto kind : {JobKind::renew, JobKind::enroll, JobKind::prune}) {
    for (const bool dry_run : {false, true}) {
      std::ofstream(paths::journal_file(), std::ios::trunc) << "no database: " << std::string(4096, 'x');
      messages::Job job;
      job.kind = kind;
      job.force = true;
      job.dry_run = dry_run;
      const auto run = trial_.run(job, {}, std::chrono::seconds(60), {}, "87654321", "code");
      EXPECT_EQ(run.failure(), Reason::journal_unusable) << to_json(run.last);
      expect_no_try(run);
    }
  }
}

/// A bank whose TLS server is wrong somehow, before anything happened on the token.
class BadAuthority : public BadInput {
 protected:
  void expect_authority_failure(test::TestBank& bank, const fs::path& anchors, Reason reason) {
    rewrite_settings("token.modules = [\"" + fault_module().string() +
                     "\"]\nauthority.attempts = 1\nauthority.url = \"" + bank.url() +
                     "\"\nauthority.trust_anchors = \"" + anchors.string() + "\"\n");
    const auto run = expect_failure(reason);
    EXPECT_EQ(run.calls.calls("C_GenerateKeyPair"), 0U);
  }

  fs::path bank_directory() { return stage_.bank().anchors().parent_path(); }
};

TEST_F(BadAuthority, another_name_is_authority_name_mismatch) {
  test::TestBank::Options options;
  options.switches = {{"server_name", "elsewhere.example"}};
  test::TestBank bank(bank_directory(), options);
  expect_authority_failure(bank, bank.anchors(), Reason::authority_name_mismatch);
}

TEST_F(BadAuthority, an_unknown_chain_is_authority_untrusted) {
  const test::TestBank stranger(trial_.path() / "stranger");
  expect_authority_failure(stage_.bank(), stranger.anchors(), Reason::authority_untrusted);
}

TEST_F(BadAuthority, an_expired_certificate_is_authority_certificate_expired) {
  test::TestBank::Options options;
  options.switches = {{"server_expired", "1"}};
  test::TestBank bank(bank_directory(), options);
  expect_authority_failure(bank, bank.anchors(), Reason::authority_certificate_expired);
}

TEST_F(BadAuthority, nobody_listening_is_authority_unreachable) {
  std::string url;
  fs::path anchors;
  auto gone = std::make_unique<test::TestBank>(bank_directory());
  url = gone->url();
  anchors = gone->anchors();
  gone.reset();
  rewrite_settings("token.modules = [\"" + fault_module().string() +
                   "\"]\nauthority.attempts = 1\nauthority.url = \"" + url +
                   "\"\nauthority.trust_anchors = \"" + anchors.string() + "\"\n");
  EXPECT_EQ(expect_failure(Reason::authority_unreachable).calls.calls("C_GenerateKeyPair"), 0U);
}

}  // namespace
}  // namespace koshin::faults
