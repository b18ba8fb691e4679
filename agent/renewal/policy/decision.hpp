// SPDX-License-Identifier: MIT
// What an inspected token calls for: the resident agent's decision. A pure function, tested by a table.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

enum class Decision {
  not_due,               ///< nothing to do before look_again
  due,                   ///< the renewal window (settings.renewal.window, by default 1 month) has begun
  snoozed,               ///< due, and the person said "remind me next time"
  resume_unfinished,     ///< a renewal was interrupted, or the authority may be asked again
  pending_at_authority,  ///< the authority has deferred its decision; no request before look_again
  expired_in_grace,      ///< expired, but policy lets it renew
  reissue_needed,        ///< expired: an administrator must authorise a re-issue
  certificate_missing,   ///< a token that was ours holds no certificate of ours any more
  key_missing,           ///< the certificate's private key is not on the token
  proof_left,            ///< another computer has written the new certificate: its proof (log-in) is due here
  cannot_be_told,        ///< certificates of ours may be private objects: an inspection with the PIN is due
  nothing_of_ours,       ///< somebody else's token
};
std::string_view to_string(Decision decision);  ///< "expired_in_grace"

/// Why the token is evaluated. Only an insertion ends a snooze and notifies regardless of earlier
/// notifications.
enum class Trigger { insertion, timer, wake, clock_change };

struct DecisionInput {
  const messages::TokenReport& token;
  const Record* unfinished = nullptr;   ///< unfinished_on() this token
  const TokenMemory* memory = nullptr;  ///< Journal::memory() of this token
  const Settings& settings;
  TimePoint now{};
  Trigger trigger = Trigger::insertion;
  /// Journal::history_of() this token. Null when the journal cannot be read: certificates written by another
  /// computer are then not recognized.
  const std::vector<Record>* records = nullptr;
};

struct Verdict {
  Decision decision = Decision::nothing_of_ours;
  /// The certificate concerned, possibly one recalled from a snapshot (`recalled`); null when the decision
  /// concerns no certificate.
  std::shared_ptr<const messages::CertificateReport> certificate;
  std::optional<long> days_left;  ///< of that certificate; negative when expired
  /// How many certificates of the token are due, that one included; one sitting renews them all.
  std::size_t due = 0;
  /// Notify the person now. The caller then stores `now` as TokenMemory::last_notified, `threshold` as
  /// notified_threshold and the certificate's sha256 as told_sha256.
  bool notify = false;
  /// The latest reminder threshold that has passed ("P7D"), the renewal window itself before the first
  /// threshold, "expired" after expiry; empty when not due.
  std::string threshold;
  bool new_threshold = false;  ///< first notification of this threshold for this certificate: a mail is due
  bool snooze_over = false;    ///< TokenMemory::snoozed_at is to be cleared
  /// When to evaluate the token again while it stays inserted; empty: not before the next insertion.
  std::optional<TimePoint> look_again;
  /// Earliest time for an unattended renewal: within settings.unattended.spread after the begin of the window
  /// (the same instant for the same token and certificate in every evaluation), or after the pause that a
  /// failure requires. Empty: no unattended renewal, as of a key that is known to ask for a touch.
  std::optional<TimePoint> act_unattended_from;
  /// TokenReport::trouble, or the failure that prevented a choice, as text for the log; often empty.
  std::string detail;
};

/// Decides from the objects that the token shows and the last snapshot taken with the PIN
/// (renewal/policy/recall.hpp).
Verdict decide(const DecisionInput& input);

/// Stores the decision together with its certificate in `memory`.
void keep_decision(TokenMemory& memory, const Verdict& verdict);

/// Whether re-inserting the token justifies an immediate retry: the failure came from the token or its
/// module, not from the authority. Modules report a pulled token by many codes, CKR_GENERAL_ERROR among them.
bool reinsertion_may_heal(const Failure& failure);

}  // namespace koshin::renewal
