// SPDX-License-Identifier: MIT
// A PIN that nobody types, and a worker that ends while it is being presented: on a token that does not tell
// of wrong PINs, no second try is spent on it, and a person is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "faults/trial.hpp"
#include "pkcs11/session.hpp"
#include "support/always_authenticate.hpp"

namespace koshin::faults {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr const char* wrong = "87654321";
constexpr const char* right = test::SoftHsm::default_pin;

class StoredPin : public testing::Test {
 protected:
  void begin(const std::string& pin) {
    trial_.reset();  // one is in use at a time
    store(pin);
    trial_ = std::make_unique<Trial>(
        stage_, "token.uri = \"pkcs11:token=work?pin-source=file:" + file_.string() + "\"\n");
  }

  /// Always a new stamp, however quickly it is written again.
  void store(const std::string& pin) {
    std::ofstream(file_, std::ios::trunc) << pin << '\n';
    fs::permissions(file_, fs::perms::owner_read | fs::perms::owner_write);
    written_ += seconds(2);
    fs::last_write_time(file_, written_);
  }

  /// A token without CKF_USER_PIN_COUNT_LOW and its like, which fails at that C_Login.
  static Plan silent_token(Action action = Action::none, bool after = false, unsigned long rv = 0,
                           unsigned at = 1) {
    Plan plan;
    plan.function = "C_Login";
    plan.at = action == Action::none ? 0 : at;
    plan.after = after;
    plan.action = action;
    plan.rv = rv;
    plan.token_flags_off = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;
    return plan;
  }

  Trial::Run unattended(const Plan& plan = silent_token(), seconds deadline = seconds(60)) {
    messages::Job job;
    job.kind = messages::JobKind::renew;
    job.unattended = true;
    return trial_->run(job, plan, deadline, {}, "");
  }

  /// Interrupts a new trial at its C_Login. A hang costs its whole deadline: short at first, long when the
  /// machine was too slow to get as far.
  void interrupt(const std::string& pin, Action action, bool after) {
    for (const auto deadline : {seconds(action == Action::hang ? 3 : 60), seconds(60)}) {
      begin(pin);
      const auto run = unattended(silent_token(action, after), deadline);
      EXPECT_TRUE(run.failure().has_value()) << to_json(run.last);
      if (run.calls.struck()) return;
    }
    ADD_FAILURE() << "C_Login was never reached";
  }

  void expect_not_presented() {
    const auto run = unattended();
    EXPECT_EQ(run.failure(), Reason::pin_refused_before) << to_json(run.last);
    EXPECT_EQ(run.calls.calls("C_Login"), 0U);
  }

  void expect_renewed() {
    const auto run = unattended();
    EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  }

  Stage stage_;
  fs::path file_ = stage_.path() / "pin";
  fs::file_time_type written_ = fs::file_time_type::clock::now() - std::chrono::hours(1);
  std::unique_ptr<Trial> trial_;
};

struct Cut {
  const char* name;
  Action action;
  bool after;
};

void PrintTo(const Cut& cut, std::ostream* out) {
  *out << cut.name;
}

class StoredPinCut : public StoredPin, public testing::WithParamInterface<Cut> {};

TEST_P(StoredPinCut, P2_a_wrong_one_is_not_presented_again) {
  interrupt(wrong, GetParam().action, GetParam().after);
  expect_not_presented();
  expect_not_presented();
  store(right);
  expect_renewed();
}

TEST_P(StoredPinCut, P2_a_right_one_waits_for_a_person_or_its_file) {
  interrupt(right, GetParam().action, GetParam().after);
  expect_not_presented();
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.dry_run = true;
  const auto attended = trial_->run(job, silent_token(), seconds(60), {}, right);
  EXPECT_FALSE(attended.failure().has_value()) << to_json(attended.last);
  expect_renewed();
}

INSTANTIATE_TEST_SUITE_P(Login, StoredPinCut,
                         testing::Values(Cut{"killed_before", Action::kill, false},
                                         Cut{"killed_after", Action::kill, true},
                                         Cut{"hung_after", Action::hang, true}),
                         [](const auto& item) { return std::string(item.param.name); });

class StoredPinRefused : public StoredPin, public testing::WithParamInterface<unsigned long> {};

TEST_P(StoredPinRefused, P2_is_not_presented_again_and_nobody_says_that_no_try_was_spent) {
  begin(right);
  const auto run = unattended(silent_token(Action::error, false, GetParam()));
  EXPECT_EQ(run.failure(), Reason::pin_incorrect) << to_json(run.last);
  const auto* failure = std::get_if<Failure>(&run.last);
  ASSERT_NE(failure, nullptr);
  EXPECT_THAT(failure->detail, testing::HasSubstr("the token refused the PIN"));
  expect_not_presented();
}

INSTANTIATE_TEST_SUITE_P(Code, StoredPinRefused,
                         testing::Values(CKR_PIN_INCORRECT, CKR_PIN_LEN_RANGE, CKR_PIN_INVALID),
                         [](const auto& item) { return "code_" + std::to_string(item.param); });

TEST_F(StoredPin, P2_refused_for_a_signature_it_is_not_presented_again) {
  begin(right);
  {
    const auto module = pkcs11::Module::load(test::SoftHsm::module());
    const auto tokens = module->tokens();
    const auto slot = std::find_if(tokens.begin(), tokens.end(), [](const auto& token) {
                        return token.label == Stage::token_label;
                      })->slot;
    const auto session = pkcs11::Session::open(module, slot, pkcs11::Access::read_write);
    session->login(pkcs11::User::user, std::string_view(right));
    for (const auto& object : session->objects()) session->destroy(object);
    const pkcs11::Bytes id{0x5A};
    test::make_always_authenticate_pair(*module, slot, pkcs11::KeyAlgorithm::ec_p256, id);
    for (const auto& object : session->objects_with_id(id)) {
      if (object.object_class != pkcs11::ObjectClass::public_key) continue;
      session->write_certificate(stage_.bank().issue(object.public_key, test::default_user, 12), id,
                                 "strict");
    }
  }
  const auto run = unattended(silent_token(Action::error, false, CKR_PIN_INCORRECT, 2));
  EXPECT_TRUE(run.calls.struck());
  EXPECT_EQ(run.failure(), Reason::pin_incorrect) << to_json(run.last);
  expect_not_presented();
}

TEST_F(StoredPin, is_trusted_again_by_every_renewal_that_it_opens) {
  begin(right);
  expect_renewed();
  const auto again = unattended();
  EXPECT_EQ(again.failure(), Reason::not_due) << to_json(again.last);
}

}  // namespace
}  // namespace koshin::faults
