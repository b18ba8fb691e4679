// SPDX-License-Identifier: MIT
// Everything that a window shows, as plain values. The wizard changes the model, View::show() draws it, and
// page_json.cpp converts it for the page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "renewal/policy/browsers.hpp"
#include "renewal/policy/new_pin_rules.hpp"
#include "renewal/policy/old_certificate.hpp"
#include "screen.hpp"
#include "screen_content.hpp"

namespace koshin::ui {

/// How the wizard ended; reported to the agent.
enum class Outcome { completed, snoozed, closed, pending, idle, token_removed, left, failed };
std::string_view to_string(Outcome outcome);

enum class Task { renew, enroll };

/// What remains to be done by the person after the wizard's end, for the last page. `rest`: the renewal of
/// some of several certificates.
enum class Remaining { renewal, rest, receipt, approval, nothing, unknown };
std::string_view to_string(Remaining remaining);

struct StepView {
  enum class State { waiting, running, done, found_done };
  messages::Step step{};
  State state = State::waiting;
};

/// A candidate token for a new key.
struct StorageChoice {
  const messages::TokenReport* token = nullptr;
  std::string
      obstacle;  ///< why it cannot be used: "other_token", "write_protected", "uninitialized"; empty: it can
};

/// Another inserted token that needs attention.
struct OtherToken {
  std::string uri, slot;  ///< together they identify it, also among tokens with equal identities
  std::string label, common_name, certificate_sha256;
  std::string decision;  ///< a Decision's name
  std::optional<long> days_left;
};

/// One certificate of a sitting (renewal/policy/sitting.hpp), and what became of it.
struct SittingRow {
  enum class State { waiting, running, renewed, pending, failed };
  messages::CertificateReport certificate;  ///< the one that is due
  State state = State::waiting;
  std::string new_sha256{};           ///< of the new certificate
  TimePoint new_not_after{};          ///< of the same
  bool decryption_unchecked = false;  ///< the token could not show that the new key decrypts
  /// Where it was not renewed: what stands of it, as its renewal has read it.
  renewal::OldCertificate old = renewal::OldCertificate::untouched;
};

/// Whether the system's store, from which browsers offer certificates there, has a renewed one.
struct StoreCheck {
  std::string sha256;                          ///< of the renewed certificate
  std::optional<renewal::StoreState> state{};  ///< empty: it is being looked for
  /// Serial number and expiry of an expired certificate there that may be taken for it.
  std::string expired_serial{};
  TimePoint expired_not_after{};

  /// Whether the screen asks the person to do something about it.
  bool needs_help() const { return state && *state != renewal::StoreState::has_it; }
};

/// A change of the token's PIN, on its screens.
struct PinChange {
  bool required = false;      ///< the token asks for it; the renewal goes on with the new PIN
  bool from_current = false;  ///< nothing was due when the person asked for it
  bool by_puk = false;        ///< a new PIN is set with the PUK; else by the security officer
  renewal::NewPinRules rules;
  std::string pin_file = {};  ///< the file of unattended renewals that may still hold the old PIN
};

struct Model {
  Screen screen = Screen::loading;
  std::vector<messages::DoctorResult::Check> checks;  ///< of the computer, the token and the authority
  Task task = Task::renew;
  bool busy = false;  ///< a short job (unlocking, deleting, looking) runs behind this screen
  std::vector<messages::TokenReport> tokens;
  std::optional<std::size_t> token;                        ///< index of the token concerned
  std::optional<messages::CertificateReport> certificate;  ///< the certificate that expires
  std::optional<messages::CertificateReport> new_certificate;
  std::optional<messages::CertificateReport>
      deletable;  ///< the old certificate, once the new one has logged in
  bool deleted = false;
  /// Of each renewal, in the order in which they have ended, what browsers list beside what.
  std::vector<renewal::BrowserChoice> in_browsers;
  std::vector<StoreCheck> store;  ///< of each renewed certificate that logs in; empty: there is no such store
  bool checked_from_current = false;  ///< nothing was due when the person had the computer checked
  /// All certificates of the token that are due, in the order of their renewals, `certificate` among them.
  std::vector<SittingRow> sitting;
  PinChange pin_change;
  std::vector<StepView> steps;
  std::vector<messages::NoticeEvent> notices;  ///< in order, each code once
  std::vector<std::string> failed_hooks;       ///< programs of the administrator's, after the renewal
  std::optional<Failure> failure;
  std::optional<messages::PendingResult> pending;
  std::vector<OtherToken> others;  ///< the most urgent first
  std::string why_reissue;  ///< "expired", "certificate_missing", "key_missing", "incomplete", "asked"; on
                            ///< `current` "not_ours" when no certificate there is one we look after
  std::string user;         ///< user ID typed for a re-issue
  std::string key;          ///< chosen key type; empty: as the settings say
  bool look_first = false;  ///< certificates may be private objects: `unlock` inspects the token with the PIN
  bool proof_left = false;  ///< another computer has written the new certificate: only its proof is left
  bool resumed = false;     ///< an earlier run is resumed
  bool snooze = false;      ///< "remind me next time" is ticked
  bool final_try_confirmed = false;
  bool has_pin = false, has_passphrase = false, has_code = false, has_resetting_secret = false,
       has_proxy_password = false;
  bool can_cancel = false;
  bool can_give_up = false;  ///< the journal has an unfinished record of this token
  bool keeps_key = false;    ///< that record certifies the key that is there: no new one was made
  /// Numbers of the journal's records of this token that had ended when the page first looked at it.
  std::vector<std::int64_t> ended_before;
  /// What the last renewal has read of the certificate that it replaces; empty: it has not told, or the page
  /// has looked at the token since.
  std::optional<renewal::OldCertificate> old_as_read;
  /// What is said of that certificate on a screen of a renewal that is not complete.
  renewal::OldCertificate old_certificate = renewal::OldCertificate::untouched;
  /// The token waits for a touch (true), or may do so (false); empty: it does not.
  std::optional<bool> touch;
  bool on_reader = false;  ///< waiting for the PIN on the reader's pad
  std::optional<long> idle_seconds_left;
  Outcome outcome = Outcome::closed;
  Remaining remaining = Remaining::unknown;  ///< once finished
  ScreenContent content;                     ///< the screen that results from the other members

  /// Whether several certificates are renewed with one PIN.
  bool is_sitting() const { return sitting.size() > 1 && task == Task::renew; }
  /// Of a sitting whose results show; `nothing` where each certificate was renewed, or there was one alone.
  Remaining what_remains_of_sitting() const;
  /// Whether the bank's passphrase is asked beside the PIN on this screen.
  bool needs_passphrase(const Settings& settings) const;
  /// Whether a re-issue has to be told its user: no certificate on the token identifies the user.
  bool needs_user() const { return task == Task::enroll && !certificate; }
  /// A PIN typed on the reader is checked by the token alone; the last try needs the person's confirmation
  /// nevertheless.
  bool may_try_on_reader() const;
  const messages::TokenReport* current_token() const { return token ? &tokens[*token] : nullptr; }
  /// Records that the right PIN was entered, which resets the token's try counter.
  void pin_was_right();
  std::vector<StorageChoice> storage() const;
  /// Derived from the present screen, which must not be the last one.
  Remaining what_remains() const;
};

}  // namespace koshin::ui
