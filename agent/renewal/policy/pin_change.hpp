// SPDX-License-Identifier: MIT
// How a change of a PIN ended, for whoever has started its job. The token changes the PIN in one call, and
// whether it has done so is known from that call's answer alone: where the answer is lost, either PIN may
// count.
#pragma once

#include <string_view>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"

namespace koshin::renewal {

/// The code of the notice that the worker sends right before the call that changes the PIN.
inline constexpr std::string_view pin_change_begins = "pin_change_begins";

/// Watches the events of a job that changes a PIN.
class PinChangeWatch {
 public:
  void on_event(const messages::Event& event);
  /// The job's failure as the person is told it: pin_change_unknown for a worker that was cut off after
  /// pin_change_begins, else `end` as it is. The worker itself says what the token has answered.
  Failure fate(Failure end) const;

 private:
  bool begun_ = false;
};

}  // namespace koshin::renewal
