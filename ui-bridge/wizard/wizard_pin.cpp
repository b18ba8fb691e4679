// SPDX-License-Identifier: MIT
// The screens of a new PIN, and the renewal that waits for it.
#include <utility>

#include "wizard.hpp"

namespace koshin::ui {

void Wizard::prepare_pin_change(bool required) {
  const bool from_current = model_.screen == Screen::current;
  const bool back_and_forth = model_.screen == Screen::pin_change || model_.screen == Screen::pin_reset;
  if (!back_and_forth) {
    let_ready_go();
    pin_setting_.begin(required, from_current);
  }
  pin_setting_.prepare_for(*model_.current_token());
  model_.failure.reset();
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
  if (refuse(pin_setting_.take_resetting_secret(std::move(secret), *model_.current_token()))) return true;
  model_.failure.reset();
  return true;
}

bool Wizard::enter_new_pin(SecureBuffer new_pin) {
  const bool changes = model_.screen == Screen::pin_change && model_.has_pin;
  const bool resets = model_.screen == Screen::pin_reset && model_.has_resetting_secret;
  if ((!changes && !resets) || job_running() || model_.current_token() == nullptr) return false;
  if (refuse(pin_setting_.take_new_pin(std::move(new_pin), changes))) return true;
  set_pin();
  return true;
}

void Wizard::set_pin_on_reader(const Action&) {
  const messages::TokenReport& token = *model_.current_token();
  const bool changes = model_.screen == Screen::pin_change;
  if (!token.protected_path || (changes && !may_try_on_reader())) return;
  if (!pin_setting_.possible_on_reader(changes)) return;
  set_pin();
}

void Wizard::set_pin() {
  model_.failure.reset();
  pin_setting_.starts();
  run(Running::setting_pin, orders_.set_pin(model_.screen == Screen::pin_change), true);
}

void Wizard::pin_was_set(const messages::Event& event) {
  const auto* result = std::get_if<messages::PinResult>(&event);
  if (result == nullptr) {
    Failure end = pin_setting_.fate(event);
    secrets_.wipe_pins();
    if (token_gone_ && end.reason != Reason::token_removed) {  // what became of the PIN is to be read
      model_.failure = std::move(end);
      return show(Screen::interrupted);
    }
    return PinSetting::may_be_entered_again(end.reason) ? retry_pin(std::move(end))
                                                        : fail_with(std::move(end));
  }
  pin_setting_.was_set(*result, model_.tokens[*model_.token]);
  if (token_gone_) {
    secrets_.wipe();
    return show(Screen::pin_changed);
  }
  go_on_with_new_pin();
}

void Wizard::go_on_with_new_pin() {
  SecureBuffer new_pin = secrets_.release_new_pin();
  secrets_.wipe_pins();
  if (!pin_setting_.leads_straight_on()) return show(Screen::pin_changed);
  model_.screen = Screen::unlock;
  if (new_pin.empty() || needs_passphrase()) return show(Screen::unlock);
  secrets_.take_pin(std::move(new_pin));
  use_pin();
}

}  // namespace koshin::ui
