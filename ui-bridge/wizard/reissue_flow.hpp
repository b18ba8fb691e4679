// SPDX-License-Identifier: MIT
// A certificate that is issued anew with a code of the contract's administrator: why it has to be, and whose
// it will be.
#pragma once

#include <string>

#include "flow.hpp"

namespace koshin::ui {

/// Of the model task, why_reissue and user belong to this once the wizard is open.
class ReissueFlow : public Flow {
 public:
  explicit ReissueFlow(const Flow& shared) : Flow(shared) {}

  bool is_wanted() const { return model_.task == Task::enroll; }
  /// The user of the request. Passed even where a certificate contains it: the new certificate may go to
  /// another, empty token.
  std::string user() const;

  /// The person asks for it.
  void ask();
  bool enter_code(SecureBuffer code);
  /// With the code, and the user where the token does not say whose it is.
  void start_enrollment(const Action& action);
  /// The code of an earlier request is void: it authenticates one.
  void ask_for_another_code();
  /// Makes a re-issue of a renewal that has failed like this, where that is the way on: false where it is
  /// not.
  bool goes_on_after(const Failure& failure);
};

}  // namespace koshin::ui
