// SPDX-License-Identifier: MIT
// Shows the model: which screen it is, and what follows from the model's other parts.
#pragma once

#include <optional>

#include "foundation/failures/failure.hpp"
#include "foundation/settings/settings.hpp"
#include "model.hpp"
#include "wizard_host.hpp"

namespace koshin::ui {

class Presenter {
 public:
  /// `shown`: the model, of which asks_passphrase, asks_user, can_give_up, keeps_key, old_certificate and
  /// content belong to this; all outlive this.
  Presenter(Model& shown, const Settings& settings, WizardHost& host)
      : shown_(shown), settings_(settings), host_(host) {}

  void show(Screen screen);
  /// Shows the present screen as it is now.
  void tell();
  /// Shows why something is not taken, if so.
  bool refuse(std::optional<Failure> why);

 private:
  /// Fills what the screen of a renewal that is not complete says of the journal's record.
  void look_at_unfinished(Screen screen);

  Model& shown_;
  const Settings& settings_;
  WizardHost& host_;
};

}  // namespace koshin::ui
