// SPDX-License-Identifier: MIT
// A trial whose token, surroundings or input somebody has spoilt.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "faults/trial.hpp"
#include "pkcs11/session.hpp"

namespace koshin::faults {

inline std::unique_ptr<pkcs11::Session> open_token(const std::shared_ptr<pkcs11::Module>& module) {
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

  static void destroy_all(pkcs11::ObjectClass wanted) {
    with_token([&](pkcs11::Session& session) {
      for (const auto& object : session.objects()) {
        if (object.object_class == wanted) session.destroy(object);
      }
    });
  }

  void add_certificate(const std::string& cn, int days_left) {
    with_token([&](pkcs11::Session& session) {
      const pkcs11::Bytes id(8, static_cast<std::uint8_t>(days_left));
      const auto pair = session.generate_key_pair(pkcs11::KeyAlgorithm::ec_p256, id, cn);
      session.write_certificate(stage_.bank().issue(pair.public_key.public_key, cn, days_left), id, cn);
    });
  }

  std::size_t objects_on_disk() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(trial_.path() / "tokens")) {
      if (entry.path().extension() == ".object") ++count;
    }
    return count;
  }

  /// The renewal fails for this reason, which has advice, and neither token nor authority notice.
  Trial::Run expect_failure(Reason reason, const Plan& plan = {}) {
    const auto objects = objects_on_disk();
    auto run = trial_.renew(plan);
    EXPECT_EQ(run.failure(), reason) << to_json(run.last);
    EXPECT_FALSE(info(reason).in(Language::en).user_action.empty());
    EXPECT_FALSE(info(reason).in(Language::ja).user_action.empty());
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

}  // namespace koshin::faults
