// SPDX-License-Identifier: MIT
// What a token that was looked at calls for: the resident agent's decision, pure, so that a table can test
// it.
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
  due,                   ///< one window (1 month) before expiry has begun
  snoozed,               ///< due, and the person said "remind me next time"
  resume_unfinished,     ///< a renewal was interrupted, or the authority may be asked again
  pending_at_authority,  ///< the authority decides later; not to be asked before look_again
  expired_in_grace,      ///< expired, but policy lets it renew
  reissue_needed,        ///< expired: an administrator must authorise a re-issue
  certificate_missing,   ///< a token that was ours holds no certificate of ours any more
  key_missing,           ///< the certificate's private key is not on the token
  proof_left,            ///< another computer has written the new certificate: to be seen to log in here
  cannot_be_told,        ///< what is ours may show only with the PIN: to be looked at with it
  nothing_of_ours,       ///< somebody else's token
};
std::string_view to_string(Decision decision);  ///< "expired_in_grace"

/// Why the token is looked at now. Only an insertion ends a snooze and notifies whatever was said before.
enum class Trigger { insertion, timer, wake, clock_change };

struct DecisionInput {
  const messages::TokenReport& token;
  const Record* unfinished = nullptr;   ///< unfinished_on() this token
  const TokenMemory* memory = nullptr;  ///< Journal::memory() of this token
  const Settings& settings;
  TimePoint now{};
  Trigger trigger = Trigger::insertion;
  /// Journal::history_of() this token; null when it cannot be read: then who has written what is not known.
  const std::vector<Record>* records = nullptr;
};

struct Verdict {
  Decision decision = Decision::nothing_of_ours;
  /// Which one it is about, perhaps one that shows only with the PIN (`recalled`); null when none is
  /// concerned.
  std::shared_ptr<const messages::CertificateReport> certificate;
  std::optional<long> days_left;  ///< of that certificate; negative when expired
  /// Tell the person now. Whoever does stores `now` as TokenMemory::last_notified, `threshold` as
  /// notified_threshold and the certificate's sha256 as told_sha256.
  bool notify = false;
  /// The innermost reminder threshold passed ("P7D"), the window itself before the first, "expired" after
  /// expiry; empty when not due.
  std::string threshold;
  bool new_threshold = false;  ///< not told of yet for this certificate: the time for an e-mail
  bool snooze_over = false;    ///< TokenMemory::snoozed_at is to be cleared
  /// When to look again while the token stays in; empty: not before the next insertion.
  std::optional<TimePoint> look_again;
  /// Unattended mode may act from here on: within settings.unattended.spread after the window's begin (the
  /// same instant for the same token and certificate each time it is asked), or after the pause a failure
  /// asked for. Empty: never by itself.
  std::optional<TimePoint> act_unattended_from;
  /// TokenReport::trouble, or the failure that made the choice impossible, in words for the log; often empty.
  std::string detail;
};

/// Of what the token shows and what a look with the PIN has found on it before (renewal/policy/recall.hpp).
Verdict decide(const DecisionInput& input);

/// Remembers a decision with the certificate it is about.
void keep_decision(TokenMemory& memory, const Verdict& verdict);

/// Whether putting the token in again is a reason to try again at once: what failed was the token or its
/// module, not the authority. Modules tell of a pulled token in many ways, general errors among them.
bool reinsertion_may_heal(const Failure& failure);

}  // namespace koshin::renewal
