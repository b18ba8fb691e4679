// SPDX-License-Identifier: MIT
// A new PIN for the token: what it has to be like, who may set it, and what became of it.
#pragma once

#include <optional>

#include "entered_secrets.hpp"
#include "foundation/settings/settings.hpp"
#include "model.hpp"
#include "renewal/policy/pin_change.hpp"

namespace koshin::ui {

class PinSetting {
 public:
  /// `shown`: what the window shows of it (Model::pin_change, which nobody else changes); all outlive this.
  PinSetting(PinChange& shown, EnteredSecrets& secrets, const Settings& settings)
      : shown_(shown), secrets_(secrets), settings_(settings) {}

  /// `required`: the token asks for it; `from_current`: nothing was due when the person asked for it.
  void begin(bool required, bool from_current);
  /// The rules of this token, with nothing entered yet.
  void prepare_for(const messages::TokenReport& token);
  /// Takes the PUK or the security officer's PIN; else why it is not presented.
  std::optional<Failure> take_resetting_secret(SecureBuffer secret, const messages::TokenReport& token);
  /// Takes the new PIN, after the old one (`changes`) or the resetting secret; else what it lacks, with all
  /// of them wiped.
  std::optional<Failure> take_new_pin(SecureBuffer new_pin, bool changes);
  /// Whether a PIN can be set on the reader's pad: a PUK is typed on the page.
  bool possible_on_reader(bool changes) const { return changes || !shown_.by_puk; }

  /// The job begins.
  void starts() { watch_ = {}; }
  /// An event of any job.
  void on_event(const messages::Event& event) { watch_.on_event(event); }
  /// What the end of the job without a result means for the person.
  Failure fate(const messages::Event& end) const;
  /// Whether the person can answer the failure on the screen where it happened.
  static bool may_be_entered_again(Reason reason);
  /// The PIN was set: `known` is what is known of the token from here on.
  void was_set(const messages::PinResult& result, messages::TokenReport& known);
  /// Whether the renewal goes on with the new PIN at once.
  bool leads_straight_on() const { return shown_.required && shown_.pin_file.empty(); }

 private:
  PinChange& shown_;
  EnteredSecrets& secrets_;
  const Settings& settings_;
  renewal::PinChangeWatch watch_;
};

}  // namespace koshin::ui
