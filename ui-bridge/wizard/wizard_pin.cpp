// SPDX-License-Identifier: MIT
// A new PIN: its screens, its secrets, its job, and the renewal that waits for it.
#include <utility>

#include "foundation/secrets/secret_input.hpp"
#include "renewal/policy/token_profile.hpp"
#include "wizard.hpp"

namespace koshin::ui {

using messages::JobKind;
using messages::SecretKind;

namespace {

/// Whether the person can answer the failure on the screen where it happened.
bool may_be_entered_again(Reason reason) {
  switch (reason) {
    case Reason::pin_incorrect:
    case Reason::pin_length_invalid:
    case Reason::pin_count_low:
    case Reason::pin_final_try:
    case Reason::pin_cancelled:
    case Reason::pin_required:
    case Reason::secret_unusable:
    case Reason::new_pin_refused:
    case Reason::pin_change_unknown:
    case Reason::puk_incorrect:
    case Reason::so_pin_incorrect:
    case Reason::so_pin_required:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Wizard::prepare_pin_change(bool required) {
  const bool from_current = model_.screen == Screen::current;
  const bool back_and_forth = model_.screen == Screen::pin_change || model_.screen == Screen::pin_reset;
  if (!back_and_forth) {
    let_ready_go();
    model_.pin_change = {.required = required, .from_current = from_current, .rules = {}};
  }
  wipe_pins();
  model_.failure.reset();
  model_.pin_change.rules = renewal::new_pin_rules(*model_.current_token(), settings_);
  model_.pin_change.by_puk = renewal::profile_of(settings_).pin_resetter() == renewal::PinResetter::puk;
}

void Wizard::to_pin_change(const Action&) {
  if (model_.current_token() == nullptr) return;
  prepare_pin_change(false);
  show(Screen::pin_change);
}

void Wizard::require_pin_change() {
  prepare_pin_change(true);
  show(Screen::pin_change);
}

void Wizard::to_pin_reset(const Action&) {
  if (model_.current_token() == nullptr) return;
  prepare_pin_change(false);
  show(Screen::pin_reset);
}

void Wizard::leave_pin(const Action&) {
  back_to_start({});
}

bool Wizard::enter_resetting_secret(SecureBuffer secret) {
  if (model_.screen != Screen::pin_reset || job_running() || model_.current_token() == nullptr) return false;
  model_.has_resetting_secret = false;
  const SecretKind kind = model_.pin_change.by_puk ? SecretKind::puk : SecretKind::security_officer_pin;
  const renewal::SecretToTry tried{kind, &secret, {}, {}};
  if (refuse(secret_is_unusable(secret))) return true;
  if (refuse(renewal::profile_of(settings_).why_not_reset(tried, {*model_.current_token()}))) return true;
  model_.failure.reset();
  resetting_secret_ = std::move(secret);
  model_.has_resetting_secret = true;
  return true;
}

bool Wizard::enter_new_pin(SecureBuffer new_pin) {
  const bool changes = model_.screen == Screen::pin_change && model_.has_pin;
  const bool resets = model_.screen == Screen::pin_reset && model_.has_resetting_secret;
  if ((!changes && !resets) || job_running() || model_.current_token() == nullptr) return false;
  auto why = renewal::new_pin_does_not_fit(model_.pin_change.rules, new_pin, changes ? &pin_ : nullptr);
  if (why) {
    wipe_pins();
    return refuse(std::move(why));
  }
  new_pin_ = std::move(new_pin);
  set_pin();
  return true;
}

void Wizard::set_pin_on_reader(const Action&) {
  const messages::TokenReport& token = *model_.current_token();
  const bool changes = model_.screen == Screen::pin_change;
  if (!token.protected_path || (changes && !may_try_on_reader())) return;
  if (!changes && model_.pin_change.by_puk) return;
  set_pin();
}

void Wizard::set_pin() {
  model_.failure.reset();
  const bool changes = model_.screen == Screen::pin_change;
  messages::Job work = job(changes ? JobKind::change_pin : JobKind::reset_pin);
  if (!changes) work.protected_path = work.protected_path && !model_.pin_change.by_puk;
  pin_watch_ = {};
  run(Running::setting_pin, std::move(work), true);
}

void Wizard::pin_was_set(const messages::Event& event) {
  const auto* result = std::get_if<messages::PinResult>(&event);
  if (result == nullptr) {
    const auto* failure = std::get_if<Failure>(&event);
    Failure end = pin_watch_.fate(
        failure != nullptr ? *failure
                           : Failure{Reason::worker_failed, "no result of the change of the PIN", {}});
    wipe_pins();
    if (token_gone_ && end.reason != Reason::token_removed) {  // what became of the PIN is to be read
      model_.failure = std::move(end);
      return show(Screen::interrupted);
    }
    return may_be_entered_again(end.reason) ? retry_pin(std::move(end)) : fail_with(std::move(end));
  }
  model_.pin_change.pin_file = result->pin_file;
  if (token_gone_) {
    wipe_secrets();
    return show(Screen::pin_changed);
  }
  go_on_with_new_pin(result->token);
}

void Wizard::go_on_with_new_pin(const messages::TokenReport& now) {
  messages::TokenReport& token = model_.tokens[*model_.token];
  token.pin_set = now.pin_set;
  token.pin_locked = now.pin_locked;
  token.pin_count_low = now.pin_count_low;
  token.pin_final_try = now.pin_final_try;
  token.pin_to_be_changed = now.pin_to_be_changed;
  token.pin_change_unknown = false;
  const bool straight_on = model_.pin_change.required && model_.pin_change.pin_file.empty();
  SecureBuffer new_pin = std::move(new_pin_);
  wipe_pins();
  if (!straight_on) return show(Screen::pin_changed);
  model_.screen = Screen::unlock;
  if (new_pin.empty() || needs_passphrase()) return show(Screen::unlock);
  pin_ = std::move(new_pin);
  model_.has_pin = true;
  use_pin();
}

}  // namespace koshin::ui
