// SPDX-License-Identifier: MIT
// Shows the model: which screen it is, and what follows from the model's other parts.
#pragma once

#include <optional>

#include "foundation/failures/failure.hpp"
#include "foundation/settings/settings.hpp"
#include "model.hpp"
#include "renewal/policy/record.hpp"
#include "wizard_host.hpp"

namespace koshin::ui {

class Presenter {
 public:
  /// `shown`: the model, of which can_give_up, keeps_key, old_certificate and content belong to this; all
  /// outlive this.
  Presenter(Model& shown, const Settings& settings, WizardHost& host)
      : shown_(shown), settings_(settings), host_(host) {}

  void show(Screen screen);
  /// Shows the present screen as it is now.
  void tell();
  /// What stands of Model::certificate, with an unfinished renewal or one that has ended without a word.
  renewal::OldCertificate old_certificate();
  /// Shows why something is not taken, if so.
  bool refuse(std::optional<Failure> why);

 private:
  /// Fills what the screen of a renewal that is not complete says of the journal's record.
  void look_at_unfinished(Screen screen);
  /// Whether the record is of the renewal of Model::certificate, or of the second leg of one of this page.
  bool is_about_certificate(const renewal::Record& record, const messages::TokenReport& token) const;
  /// old_certificate() of that token, whose unfinished record is that one.
  renewal::OldCertificate old_certificate(const messages::TokenReport& token,
                                          const std::optional<renewal::Record>& unfinished);
  /// `unfinished`, the token's, where it is about Model::certificate; else the latest that this page has seen
  /// the end of.
  std::optional<renewal::Record> record_about_certificate(const messages::TokenReport& token,
                                                          const std::optional<renewal::Record>& unfinished);
  /// What stands of the old certificate by what this page has read of the token and the journal.
  renewal::OldCertificate old_by_journal(const messages::TokenReport& token,
                                         const std::optional<renewal::Record>& record);

  Model& shown_;
  const Settings& settings_;
  WizardHost& host_;
};

}  // namespace koshin::ui
