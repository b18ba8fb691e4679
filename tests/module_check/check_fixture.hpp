// SPDX-License-Identifier: MIT
// A user, a token of SoftHSM, and koshin-module-check on it, also through a module that fails on demand.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "check_run.hpp"
#include "faults/fault_plan.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/token_survey.hpp"
#include "support/environment.hpp"
#include "support/provisioning.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {

using testing::HasSubstr;
using testing::Not;

inline constexpr const char* label = "Sakura Corp";
inline constexpr const char* right_pin = "86420975";

class ModuleCheck : public testing::Test {
 protected:
  ModuleCheck() : hsm_(path_ / "softhsm") {
    isolate_user(path_ / "user");
    hsm_.init_token(label, right_pin);
    pin_ = write_secret(path_ / "pin", right_pin);
  }

  std::string serial() const {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    for (const auto& token : module->tokens())
      if (token.label == label) return token.identity.serial;
    return {};
  }
  std::vector<std::string> arguments(const std::string& module = SoftHsm::module()) const {
    return {module,       "--token-uri", "pkcs11:token=Sakura%20Corp", "--yes-use-token", serial(),
            "--pin-file", pin_.string()};
  }
  CheckRun check(const std::vector<std::string>& more = {}) const {
    auto words = arguments();
    words.insert(words.end(), more.begin(), more.end());
    return run_check(path_, words);
  }
  /// Everything on the token.
  std::vector<pkcs11::ObjectFingerprint> objects() const {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    for (const auto& token : module->tokens()) {
      if (token.label != label) continue;
      const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_only);
      session->login(pkcs11::User::user, {right_pin, std::string_view(right_pin).size()});
      auto found = pkcs11::fingerprints(*module, token.slot);
      std::sort(found.begin(), found.end(),
                [](const auto& one, const auto& other) { return one.digest < other.digest; });
      return found;
    }
    return {};
  }
  std::filesystem::path state() const { return path_ / "user/state/koshin/module-check"; }
  bool leaves_no_state() const { return std::filesystem::is_empty(state()); }

  /// The fault module in place of SoftHSM, as told.
  CheckRun check_faulty(const std::function<void(faults::Plan&)>& change) {
    plan_.module = SoftHsm::module();
    plan_.log = path_ / "calls";
    plan_.removed = path_ / "removed";
    change(plan_);
    faults::save(plan_, path_ / "plan");
    const ScopedEnvironment environment({{faults::plan_variable, (path_ / "plan").string()}});
    return run_check(path_, arguments(KOSHIN_FAULT_MODULE));
  }
  /// One try of the PIN is spent.
  static void enter_wrong_pin() {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    for (const auto& token : module->tokens()) {
      if (token.label != label) continue;
      const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_only);
      EXPECT_ANY_THROW(session->login(pkcs11::User::user, {"00000000", 8}));
    }
  }
  /// Starts a check whose worker hangs in C_CreateObject, and sends it this signal once it does.
  RunResult stop_with(const std::string& signal) { return stop_with(signal, arguments(KOSHIN_FAULT_MODULE)); }
  RunResult stop_with(const std::string& signal, const std::vector<std::string>& words) {
    plan_.module = SoftHsm::module();
    plan_.log = path_ / "calls";
    plan_.removed = path_ / "removed";
    plan_.function = "C_CreateObject";
    plan_.at = 1;
    plan_.action = faults::Action::hang;
    faults::save(plan_, path_ / "plan");
    const ScopedEnvironment environment({{faults::plan_variable, (path_ / "plan").string()}});
    std::string command = "\"$(dirname \"$koshin\")/koshin-module-check\"";
    for (const auto& word : words) command += " '" + word + "'";
    const std::string log = plan_.log.string();
    return run_in_shell(command + " & check=$!; for i in $(seq 300); do grep -q C_CreateObject '" + log +
                        "' && break; sleep 0.1; done; kill -" + signal + " $check; wait $check; exit $?");
  }

  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_.path();
  SoftHsm hsm_;
  std::filesystem::path pin_;
  faults::Plan plan_;
};

}  // namespace koshin::test
