// SPDX-License-Identifier: MIT
// Where a failure leads: to the PIN again, to a new PIN, to a re-issue, or to the screen that says what was
// done and what was not.
#pragma once

#include "flow.hpp"
#include "pin_flow.hpp"
#include "reissue_flow.hpp"

namespace koshin::ui {

class FailureFlow : public Flow {
 public:
  /// Both outlive this.
  FailureFlow(const Flow& shared, PinFlow& pin, ReissueFlow& reissue)
      : Flow(shared), pin_(pin), reissue_(reissue) {}

  void fail_with(Failure failure);
  /// The present screen asks for the PIN again; the token is asked first what it says of its PIN.
  void ask_pin_again(Failure failure);

 private:
  void looked_again(const messages::Event& event);

  PinFlow& pin_;
  ReissueFlow& reissue_;
};

}  // namespace koshin::ui
