// SPDX-License-Identifier: MIT
#include "unlock_flow.hpp"

#include <string>
#include <utility>

#include "foundation/secrets/secret_input.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::ui {

bool UnlockFlow::enter_pin(SecureBuffer pin) {
  const bool changes = model_.screen == Screen::pin_change;
  const bool asked = model_.screen == Screen::unlock || model_.screen == Screen::delete_confirm || changes;
  if (!asked || jobs_.is_running() || model_.current_token() == nullptr) return false;
  // The page warns of an earlier wrong PIN before one is entered.
  const PinConsent consent{
      .final_try = model_.final_try_confirmed, .count_low = true, .changes_pin = changes};
  if (changes) secrets_.drop_pin();  // the earlier PIN is void, whether this one is accepted or not
  const renewal::SecretToTry secret{messages::SecretKind::pin, &pin, settings_.token.pin_characters, consent};
  if (refuse(renewal::profile_of(settings_).objection(secret, {*model_.current_token()}))) return true;
  if (!changes && model_.needs_passphrase(settings_) && !model_.has_passphrase) return false;
  model_.failure.reset();
  secrets_.take_pin(std::move(pin));
  if (!changes) use_pin();  // else the new PIN follows
  return true;
}

bool UnlockFlow::enter_passphrase(SecureBuffer passphrase) {
  const bool asked = model_.screen == Screen::unlock && model_.needs_passphrase(settings_);
  if (!asked || jobs_.is_running() || passphrase.empty()) return false;
  secrets_.drop_passphrase();  // the earlier passphrase is void, whether the new one is accepted or not
  if (refuse(secret_is_unusable(passphrase))) return true;
  secrets_.take_passphrase(std::move(passphrase));
  return true;
}

void UnlockFlow::confirm_final_try(const Action& action) {
  model_.final_try_confirmed = action.checked;
  tell();
}

void UnlockFlow::unlock_on_reader() {
  if (!model_.may_try_on_reader()) return;
  if (model_.needs_passphrase(settings_) && !model_.has_passphrase) return;
  model_.failure.reset();
  looks_first() ? look_with_pin() : renewal_.begin_on_reader();
}

void UnlockFlow::use_pin() {
  if (model_.screen == Screen::delete_confirm) return deletion_.delete_old();
  looks_first() ? look_with_pin() : renewal_.begin_with_pin();
}

void UnlockFlow::look_with_pin() {
  messages::Job look = orders_.look_with_pin();
  model_.on_reader = look.protected_path;
  run(std::move(look), JobRun::Secrets::entered, [this](const auto& event) { looked(event); });
}

void UnlockFlow::looked(const messages::Event& event) {
  const auto* result = std::get_if<messages::InspectResult>(&event);
  if (result == nullptr || result->tokens.size() != 1)
    return exits_.fail_with(failure_of(event, "the look at the token ended without a result"));
  messages::TokenReport& seen = model_.tokens[*model_.token];
  const std::string uri = seen.uri, slot = seen.slot_description;  // distinguishes it from equal tokens
  seen = result->tokens.front();
  seen.uri = uri;
  seen.slot_description = slot;
  model_.pin_was_right();
  exits_.decide_anew();
  if (model_.screen != Screen::unlock || model_.task != Task::renew || model_.failure) return secrets_.wipe();
  if (model_.has_pin && (!model_.needs_passphrase(settings_) || model_.has_passphrase))
    renewal_.begin_with_pin();
}

}  // namespace koshin::ui
