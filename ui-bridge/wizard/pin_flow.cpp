// SPDX-License-Identifier: MIT
#include "pin_flow.hpp"

#include <utility>

namespace koshin::ui {

void PinFlow::prepare(bool required) {
  const bool from_current = model_.screen == Screen::current;
  const bool back_and_forth = model_.screen == Screen::pin_change || model_.screen == Screen::pin_reset;
  if (!back_and_forth) {
    jobs_.let_ready_go();
    setting_.begin(required, from_current);
  }
  setting_.prepare_for(*model_.current_token());
  model_.failure.reset();
}

void PinFlow::change() {
  if (model_.current_token() == nullptr) return;
  prepare(false);
  show(Screen::pin_change);
}

void PinFlow::require_change() {
  prepare(true);
  show(Screen::pin_change);
}

void PinFlow::reset() {
  if (model_.current_token() == nullptr) return;
  prepare(false);
  show(Screen::pin_reset);
}

bool PinFlow::enter_resetting_secret(SecureBuffer secret) {
  if (model_.screen != Screen::pin_reset || jobs_.is_running() || model_.current_token() == nullptr)
    return false;
  if (refuse(setting_.take_resetting_secret(std::move(secret), *model_.current_token()))) return true;
  model_.failure.reset();
  return true;
}

bool PinFlow::enter_new_pin(SecureBuffer new_pin) {
  const bool changes = model_.screen == Screen::pin_change && model_.has_pin;
  const bool resets = model_.screen == Screen::pin_reset && model_.has_resetting_secret;
  if ((!changes && !resets) || jobs_.is_running() || model_.current_token() == nullptr) return false;
  if (refuse(setting_.take_new_pin(std::move(new_pin), changes))) return true;
  set();
  return true;
}

void PinFlow::set_on_reader() {
  const messages::TokenReport& token = *model_.current_token();
  const bool changes = model_.screen == Screen::pin_change;
  if (!token.protected_path || (changes && !model_.may_try_on_reader())) return;
  if (setting_.possible_on_reader(changes)) set();
}

void PinFlow::set() {
  model_.failure.reset();
  setting_.starts();
  run(orders_.set_pin(model_.screen == Screen::pin_change), JobRun::Secrets::entered,
      [this](const auto& event) { was_set(event); });
}

void PinFlow::was_set(const messages::Event& event) {
  const auto* result = std::get_if<messages::PinResult>(&event);
  if (result == nullptr) return was_not_set(setting_.fate(event));
  setting_.was_set(*result, model_.tokens[*model_.token]);
  if (jobs_.token_is_gone()) {
    secrets_.wipe();
    return show(Screen::pin_changed);
  }
  go_on_with_new_pin();
}

void PinFlow::was_not_set(Failure why) {
  secrets_.wipe_pins();
  if (jobs_.token_is_gone() && why.reason != Reason::token_removed) {  // what became of the PIN is to be read
    model_.failure = std::move(why);
    return show(Screen::interrupted);
  }
  if (PinSetting::may_be_entered_again(why.reason)) return exits_.ask_pin_again(std::move(why));
  exits_.fail_with(std::move(why));
}

void PinFlow::go_on_with_new_pin() {
  SecureBuffer new_pin = secrets_.release_new_pin();
  secrets_.wipe_pins();
  if (!setting_.leads_straight_on()) return show(Screen::pin_changed);
  model_.screen = Screen::unlock;
  if (new_pin.empty() || model_.needs_passphrase(settings_)) return show(Screen::unlock);
  secrets_.take_pin(std::move(new_pin));
  unlock_.use_pin();
}

}  // namespace koshin::ui
