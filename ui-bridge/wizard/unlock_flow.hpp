// SPDX-License-Identifier: MIT
// The PIN: where it is taken, and what it is used for first.
#pragma once

#include "deletion_flow.hpp"
#include "flow.hpp"
#include "renewal_flow.hpp"

namespace koshin::ui {

class UnlockFlow : public Flow {
 public:
  /// All outlive this.
  UnlockFlow(const Flow& shared, RenewalFlow& renewal, DeletionFlow& deletion)
      : Flow(shared), renewal_(renewal), deletion_(deletion) {}

  /// Takes the PIN and starts the screen's job. False when no PIN is asked for.
  bool enter_pin(SecureBuffer pin);
  bool enter_passphrase(SecureBuffer passphrase);
  void confirm_final_try(const Action& action);
  void unlock_on_reader();
  /// Starts the screen's job with the PIN at hand.
  void use_pin();

 private:
  bool looks_first() const { return model_.look_first && model_.task == Task::renew; }
  void look_with_pin();
  void looked(const messages::Event& event);

  RenewalFlow& renewal_;
  DeletionFlow& deletion_;
};

}  // namespace koshin::ui
