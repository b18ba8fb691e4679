// SPDX-License-Identifier: MIT
// On which screen which secret is taken, and what it leads to.
#include "foundation/secrets/secret_input.hpp"
#include "renewal/policy/token_profile.hpp"
#include "wizard.hpp"

namespace koshin::ui {

bool Wizard::needs_passphrase() const {
  const bool other = model_.screen == Screen::delete_confirm || model_.screen == Screen::pin_change;
  return settings_.authority.person_gives_passphrase() && model_.task == Task::renew && !other;
}

bool Wizard::refuse(std::optional<Failure> why) {
  if (!why) return false;
  model_.failure = std::move(why);
  tell();
  return true;
}

bool Wizard::enter_pin(SecureBuffer pin) {
  const bool changes = model_.screen == Screen::pin_change;
  const bool asked = model_.screen == Screen::unlock || model_.screen == Screen::delete_confirm || changes;
  if (!asked || job_running() || model_.current_token() == nullptr) return false;
  // The page warns of an earlier wrong PIN before one is entered.
  const PinConsent consent{
      .final_try = model_.final_try_confirmed, .count_low = true, .changes_pin = changes};
  if (changes) secrets_.drop_pin();  // the earlier PIN is void, whether this one is accepted or not
  const renewal::SecretToTry secret{messages::SecretKind::pin, &pin, settings_.token.pin_characters, consent};
  if (refuse(renewal::profile_of(settings_).objection(secret, {*model_.current_token()}))) return true;
  if (!changes && needs_passphrase() && !model_.has_passphrase) return false;
  model_.failure.reset();
  secrets_.take_pin(std::move(pin));
  if (!changes) use_pin();  // else the new PIN follows
  return true;
}

void Wizard::use_pin() {
  if (model_.screen == Screen::delete_confirm) {
    remove_old();
  } else if (model_.look_first && model_.task == Task::renew) {
    look_with_pin();
  } else if (reissue_.is_wanted()) {
    renew();
  } else {
    unlock();
  }
}

bool Wizard::enter_passphrase(SecureBuffer passphrase) {
  if (model_.screen != Screen::unlock || job_running() || !needs_passphrase() || passphrase.empty())
    return false;
  secrets_.drop_passphrase();  // the earlier passphrase is void, whether the new one is accepted or not
  if (refuse(secret_is_unusable(passphrase))) return true;
  secrets_.take_passphrase(std::move(passphrase));
  return true;
}

bool Wizard::enter_code(SecureBuffer code) {
  if (model_.screen != Screen::reissue || job_running() || code.empty()) return false;
  secrets_.drop_code();
  if (refuse(secret_is_unusable(code))) return true;
  secrets_.take_code(std::move(code));
  return true;
}

bool Wizard::enter_proxy_password(SecureBuffer password) {
  if (model_.screen != Screen::proxy_login || job_running() || password.empty()) return false;
  drop_proxy_password();
  if (refuse(secret_is_unusable(password))) return true;
  proxy_password_ = std::move(password);
  model_.has_proxy_password = true;
  return true;
}

void Wizard::use_proxy_login(const Action& action) {
  if (!model_.has_proxy_password || action.user.empty()) return;
  proxy_login_.answer(action.user, std::move(proxy_password_));
  drop_proxy_password();
  model_.failure.reset();
  if (!model_.has_pin) return show(Screen::unlock);
  model_.screen = Screen::unlock;
  use_pin();
}

bool Wizard::ask_proxy_login(const messages::Event& event) {
  const auto* failure = std::get_if<Failure>(&event);
  if (failure == nullptr || !proxy_login_.asked_by(*failure, settings_.proxy) || token_gone_) return false;
  model_.failure = *failure;
  show(Screen::proxy_login);
  return true;
}

void Wizard::drop_proxy_password() {
  proxy_password_.clear();
  model_.has_proxy_password = false;
}

void Wizard::forget_proxy_login() {
  proxy_login_.forget();
  drop_proxy_password();
}

void Wizard::confirm_final_try(const Action& action) {
  model_.final_try_confirmed = action.checked;
  tell();
}

/// A PIN typed on the reader is checked by the token alone; the last try needs the person's confirmation
/// nevertheless.
bool Wizard::may_try_on_reader() const {
  const messages::TokenReport& token = *model_.current_token();
  return token.protected_path && (!token.pin_final_try || model_.final_try_confirmed);
}

void Wizard::unlock_on_reader(const Action&) {
  if (!may_try_on_reader()) return;
  if (needs_passphrase() && !model_.has_passphrase) return;
  model_.failure.reset();
  if (model_.look_first && model_.task == Task::renew) {
    look_with_pin();
  } else if (reissue_.is_wanted()) {
    renew();
  } else {
    after_unlock();
  }
}

}  // namespace koshin::ui
