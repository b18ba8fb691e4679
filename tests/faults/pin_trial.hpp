// SPDX-License-Identifier: MIT
// One change of a PIN by the real worker, and which PIN counts afterwards.
#pragma once

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "faults/trial.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/session.hpp"
#include "renewal/policy/pin_change.hpp"

namespace koshin::faults {

inline constexpr const char* old_pin = test::SoftHsm::default_pin;
inline constexpr const char* new_pin = "24681357";
inline constexpr const char* officers_pin = "so-12345678";

/// A token's PIN is changed by whoever knows it, or set by the security officer.
class PinTrial {
 public:
  explicit PinTrial(Stage& stage, messages::JobKind kind = messages::JobKind::change_pin,
                    const std::string& settings = "")
      : kind_(kind), trial_(stage, settings) {
    trial_.want_pin(new_pin);
    if (kind == messages::JobKind::reset_pin) trial_.act_as_officer_with(officers_pin);
  }

  Trial::Run once(const Plan& plan = {}, const std::map<std::string, std::string>& environment = {},
                  const std::string& pin = old_pin, const messages::Job& wishes = {}) {
    messages::Job job = wishes;
    job.kind = kind_;
    const bool resets = kind_ == messages::JobKind::reset_pin;
    return trial_.run(job, plan, std::chrono::seconds(plan.action == Action::hang ? 3 : 60), environment,
                      resets ? "" : pin);
  }
  /// What the person is told: as renewal::PinChangeWatch makes it of the events. Empty: the PIN was changed.
  static std::optional<Failure> told(const Trial::Run& run) {
    renewal::PinChangeWatch watch;
    for (const std::string& code : run.notices) watch.on_event(messages::NoticeEvent{code, {}});
    const auto* failure = std::get_if<Failure>(&run.last);
    return failure == nullptr ? std::nullopt : std::optional(watch.fate(*failure));
  }
  /// Whether the token takes this PIN; asked without koshin.
  static bool counts(const char* pin) {
    const auto module = pkcs11::Module::load(test::SoftHsm::module());
    const auto tokens = module->tokens();
    const auto token = std::ranges::find(tokens, std::string(Stage::token_label), &pkcs11::TokenInfo::label);
    if (token == tokens.end()) throw std::runtime_error("the trial has no token");
    const auto session = pkcs11::Session::open(module, token->slot, pkcs11::Access::read_only);
    try {
      session->login(pkcs11::User::user, std::string_view(pin));
      return true;
    } catch (const pkcs11::Error&) {
      return false;
    }
  }
  /// Whether koshin says of the token that a change was cut off.
  bool is_in_doubt() {
    messages::Job job;
    job.kind = messages::JobKind::inspect;
    const auto run = trial_.run(job, {}, std::chrono::seconds(60), {}, "");
    const auto* found = std::get_if<messages::InspectResult>(&run.last);
    if (found == nullptr || found->tokens.size() != 1) throw std::runtime_error(to_json(run.last));
    return found->tokens.front().pin_change_unknown;
  }
  /// A person's log-in, which changes nothing.
  Trial::Run log_in(const std::string& pin) {
    messages::Job job;
    job.kind = messages::JobKind::renew;
    job.dry_run = job.insist_count_low = true;
    return trial_.run(job, {}, std::chrono::seconds(60), {}, pin);
  }
  Trial::Run unattended() {
    messages::Job job;
    job.kind = messages::JobKind::renew;
    job.unattended = job.dry_run = true;
    Plan plan;  // a token that does not tell of wrong PINs
    plan.token_flags_off = flags_of_wrong_pins;
    return trial_.run(job, plan, std::chrono::seconds(60), {}, "");
  }
  Trial& trial() { return trial_; }

 private:
  static constexpr unsigned long flags_of_wrong_pins =
      0x10000 | 0x20000 | 0x40000;  // CKF_USER_PIN_COUNT_LOW, …
  messages::JobKind kind_;
  Trial trial_;
};

}  // namespace koshin::faults
