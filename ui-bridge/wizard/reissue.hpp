// SPDX-License-Identifier: MIT
// A certificate that is issued anew with a code of the contract's administrator: why it has to be, and whose
// it will be.
#pragma once

#include <string>

#include "entered_secrets.hpp"
#include "foundation/failures/failure.hpp"
#include "model.hpp"

namespace koshin::ui {

class Reissue {
 public:
  /// `shown`: the model, of which task, why_reissue and user belong to this once the wizard is open; both
  /// outlive this.
  Reissue(Model& shown, EnteredSecrets& secrets) : shown_(shown), secrets_(secrets) {}

  bool is_wanted() const { return shown_.task == Task::enroll; }
  /// The person asks for it.
  void ask();
  /// Makes a re-issue of a renewal that has failed like this, where that is the way on: false where it is
  /// not.
  bool is_way_on_after(const Failure& failure);
  /// The code of an earlier request is void: it authenticates one.
  void ask_for_another_code() { shown_.why_reissue = "incomplete"; }
  /// Whether the user has to be named: no certificate on the token identifies the user.
  bool needs_user() const { return is_wanted() && !shown_.certificate; }
  /// Takes the user; false while the code or the user is missing.
  bool begin_for(const std::string& user);
  /// The user of the request. Passed even where a certificate contains it: the new certificate may go to
  /// another, empty token.
  std::string user() const;

 private:
  Model& shown_;
  EnteredSecrets& secrets_;
};

}  // namespace koshin::ui
