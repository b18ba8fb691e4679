// SPDX-License-Identifier: MIT
// What the wizard asks of the worker: one message for each job, made of the model as it stands.
#pragma once

#include "foundation/jobs/messages.hpp"
#include "model.hpp"
#include "occasion.hpp"

namespace koshin::ui {

class JobOrders {
 public:
  /// Both outlive this.
  JobOrders(const Model& model, const Occasion& occasion) : model_(model), occasion_(occasion) {}

  /// All tokens, so that a storage location can be chosen among them. `only_named`: those that the occasion's
  /// URI describes, which the worker finds where no token has exactly that URI.
  messages::Job look_at_tokens(bool only_named) const;
  /// The token concerned, without a PIN: what it says of its PIN.
  messages::Job look_again() const;
  /// The token concerned, with the PIN: its certificates may be private objects.
  messages::Job look_with_pin() const;
  /// All checks before the renewal with the PIN, and the wait for the person.
  messages::Job renew_when_told(bool insists) const;
  messages::Job renew(bool insists) const;
  /// `user`: of the request.
  messages::Job enroll(const std::string& user) const;
  messages::Job delete_old() const;
  /// The unused key stays on the token for the next renewal, so that no PIN is needed.
  messages::Job give_up() const;
  messages::Job check_computer() const;
  /// With the old PIN (`changes`), or with the resetting secret.
  messages::Job set_pin(bool changes) const;

 private:
  messages::Job order(messages::JobKind kind) const;
  /// order(), with what counts where a PIN is presented.
  messages::Job order_with_pin(messages::JobKind kind) const;

  const Model& model_;
  const Occasion& occasion_;
};

}  // namespace koshin::ui
