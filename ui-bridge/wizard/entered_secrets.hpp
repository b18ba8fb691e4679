// SPDX-License-Identifier: MIT
// What the person has entered and is still needed: which secrets are at hand, which of them a job gets, and
// when each is wiped. (The password for a proxy, which counts for all jobs of the wizard:
// entered_proxy_login.hpp.)
#pragma once

#include <vector>

#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "model.hpp"

namespace koshin::ui {

class EnteredSecrets {
 public:
  /// `shown`: tells the window which secrets are at hand (Model::has_pin and its like, which nobody else
  /// changes); outlives this.
  explicit EnteredSecrets(Model& shown) : shown_(shown) {}

  void take_pin(SecureBuffer pin);
  void take_passphrase(SecureBuffer passphrase);
  void take_code(SecureBuffer code);
  /// The PUK, or the security officer's PIN.
  void take_resetting_secret(SecureBuffer secret);
  /// The PIN that is to be set.
  void take_new_pin(SecureBuffer pin) { new_pin_ = std::move(pin); }
  const SecureBuffer& pin() const { return pin_; }
  /// The new PIN, once it is set: it is the PIN from here on.
  SecureBuffer release_new_pin() { return std::move(new_pin_); }

  /// Copies into `frames` what a job of this kind is given, and names it in the job.
  void give_to(messages::Job& job, std::vector<SecureBuffer>& frames) const;

  void drop_pin();
  void drop_passphrase();
  void drop_code();
  void drop_resetting_secret();
  /// All but the re-issue code: whoever enters another PIN goes on with the same code. A consent to the PIN's
  /// last try is taken back.
  void wipe_pins();
  void wipe();

 private:
  Model& shown_;
  SecureBuffer pin_, passphrase_, code_, resetting_secret_, new_pin_;
};

}  // namespace koshin::ui
