// SPDX-License-Identifier: MIT
// The screens of a new PIN, and the renewal that waits for it.
#pragma once

#include "flow.hpp"
#include "pin_setting.hpp"
#include "unlock_flow.hpp"

namespace koshin::ui {

class PinFlow : public Flow {
 public:
  /// `unlock` outlives this.
  PinFlow(const Flow& shared, UnlockFlow& unlock) : Flow(shared), unlock_(unlock) {}

  void change();
  void reset();
  /// The token demands a new PIN before anything else.
  void require_change();
  /// The PUK or the security officer's PIN, with which a new PIN is set.
  bool enter_resetting_secret(SecureBuffer secret);
  /// Takes the new PIN, after the PIN as it is or the resetting secret, and sets it.
  bool enter_new_pin(SecureBuffer new_pin);
  void set_on_reader();
  /// An event of any job that runs.
  void on_event(const messages::Event& event) { setting_.on_event(event); }

 private:
  void prepare(bool required);
  void set();
  void was_set(const messages::Event& event);
  void was_not_set(Failure why);
  void go_on_with_new_pin();

  UnlockFlow& unlock_;
  PinSetting setting_{model_.pin_change, secrets_, settings_};
};

}  // namespace koshin::ui
