// SPDX-License-Identifier: MIT
#include "entered_secrets.hpp"

#include <utility>

namespace koshin::ui {

using messages::JobKind;
using messages::SecretKind;

void EnteredSecrets::take_pin(SecureBuffer pin) {
  pin_ = std::move(pin);
  shown_.has_pin = true;
}

void EnteredSecrets::take_passphrase(SecureBuffer passphrase) {
  passphrase_ = std::move(passphrase);
  shown_.has_passphrase = true;
}

void EnteredSecrets::take_code(SecureBuffer code) {
  code_ = std::move(code);
  shown_.has_code = true;
}

void EnteredSecrets::take_resetting_secret(SecureBuffer secret) {
  resetting_secret_ = std::move(secret);
  shown_.has_resetting_secret = true;
}

void EnteredSecrets::give_to(messages::Job& job, std::vector<SecureBuffer>& frames) const {
  const auto add = [&](const SecureBuffer& secret, SecretKind kind) {
    if (secret.empty()) return;
    job.secrets.push_back(kind);
    frames.push_back(SecureBuffer::copy_of(secret.view()));
  };
  const bool resets = job.kind == JobKind::reset_pin;
  const bool sets_pin = resets || job.kind == JobKind::change_pin;
  if (!resets) add(pin_, SecretKind::pin);
  if (!sets_pin) add(passphrase_, SecretKind::passphrase);
  if (resets)
    add(resetting_secret_, shown_.pin_change.by_puk ? SecretKind::puk : SecretKind::security_officer_pin);
  if (sets_pin) add(new_pin_, SecretKind::new_pin);
  if (job.kind == JobKind::enroll) add(code_, SecretKind::reissue_code);
}

void EnteredSecrets::drop_pin() {
  pin_.clear();
  shown_.has_pin = false;
}

void EnteredSecrets::drop_passphrase() {
  passphrase_.clear();
  shown_.has_passphrase = false;
}

void EnteredSecrets::drop_code() {
  code_.clear();
  shown_.has_code = false;
}

void EnteredSecrets::drop_resetting_secret() {
  resetting_secret_.clear();
  shown_.has_resetting_secret = false;
}

void EnteredSecrets::wipe_pins() {
  drop_pin();
  drop_passphrase();
  drop_resetting_secret();
  new_pin_.clear();
  shown_.final_try_confirmed = false;
}

void EnteredSecrets::wipe() {
  wipe_pins();
  drop_code();
}

}  // namespace koshin::ui
