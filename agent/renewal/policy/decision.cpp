// SPDX-License-Identifier: MIT
// The decision for a token, and whether to notify the person.
#include "renewal/policy/decision.hpp"

#include <algorithm>
#include <vector>

#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/precedence.hpp"
#include "renewal/policy/proof_consequences.hpp"
#include "renewal/policy/recall.hpp"
#include "renewal/policy/stable_hash.hpp"
#include "renewal/policy/thresholds.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using std::chrono::days;
using std::chrono::seconds;

constexpr seconds shortest_pause =
    std::chrono::minutes{10};  // before acting again, unattended, after a failure

void earliest(std::optional<TimePoint>& look_again, TimePoint candidate, TimePoint now) {
  if (candidate > now && (!look_again || candidate < *look_again)) look_again = candidate;
}

bool same_certificate(const DecisionInput& in, const CertificateReport& certificate) {
  return in.memory != nullptr && in.memory->told_sha256 == certificate.sha256;
}

/// Time of the last notification. A time in the future comes from a clock that was wrong and does not
/// suppress notifications.
std::optional<TimePoint> told_at(const DecisionInput& in) {
  if (in.memory == nullptr || !in.memory->last_notified) return {};
  return *in.memory->last_notified > in.now + std::chrono::minutes{5} ? std::nullopt
                                                                      : in.memory->last_notified;
}

void place_in_thresholds(const DecisionInput& in, Verdict& verdict) {
  const auto all = thresholds_of(verdict.certificate->not_after, in.settings);
  for (const Threshold& threshold : all) {
    if (threshold.begins <= in.now) {
      verdict.threshold = threshold.name;
    } else {
      earliest(verdict.look_again, threshold.begins, in.now);
    }
  }
  const std::size_t told =
      same_certificate(in, *verdict.certificate) ? rank(all, in.memory->notified_threshold) : 0;
  verdict.new_threshold = rank(all, verdict.threshold) > told;
}

/// Notifies at each insertion, at each new threshold and once a day; never while snoozed.
void decide_notification(const DecisionInput& in, Verdict& verdict) {
  const bool asked_for_quiet = in.memory != nullptr && in.memory->snoozed_at.has_value();
  const bool quiet = asked_for_quiet && in.trigger != Trigger::insertion && !verdict.new_threshold;
  verdict.snooze_over = asked_for_quiet && !quiet;
  if (quiet) {
    if (verdict.decision == Decision::due || verdict.decision == Decision::expired_in_grace) {
      verdict.decision = Decision::snoozed;
    }
    return;
  }
  const auto told = told_at(in);
  const bool a_day_ago = !told || in.now - *told >= days{1};
  verdict.notify =
      in.trigger == Trigger::insertion || verdict.new_threshold || (in.settings.reminders.daily && a_day_ago);
  if (in.settings.reminders.daily) {
    earliest(verdict.look_again, (verdict.notify || !told ? in.now : *told) + days{1}, in.now);
  }
}

/// A time within `unattended.spread` after the begin of the window, but never in the last half of the window.
TimePoint spread_start(const DecisionInput& in, const CertificateReport& certificate) {
  const TimePoint due = due_from(certificate.not_after, in.settings.renewal);
  const seconds spread = add(due, in.settings.unattended.spread) - due;
  const seconds limit = std::min(spread, (certificate.not_after - due) / 2);
  if (limit <= seconds{0}) return due;
  const auto share =
      stable_hash({in.token.serial, certificate.sha256}) % static_cast<std::uint64_t>(limit.count());
  return due + seconds{static_cast<std::int64_t>(share)};
}

std::optional<TimePoint> resume_unattended_from(const DecisionInput& in) {
  if (needs_a_person(*in.unfinished) || proof_needs_a_person(*in.unfinished)) return {};
  const auto& failure = in.unfinished->last_failure;
  if (!failure || is_from_the_future(*in.unfinished, in.now)) return in.now;
  if (in.trigger == Trigger::insertion && reinsertion_may_heal(*failure)) return in.now;
  if (failure->retry() != Retry::later) return {};
  const TimePoint paused = in.unfinished->changed + shortest_pause;
  return std::max(wait_asked_for(*in.unfinished, in.now).value_or(paused), paused);
}

void concern(Verdict& verdict, const CertificateReport* certificate, TimePoint now) {
  verdict.certificate =
      certificate == nullptr ? nullptr : std::make_shared<const CertificateReport>(*certificate);
  if (certificate != nullptr) verdict.days_left = days_left(certificate->not_after, now);
}

/// A request waits for approval, and the person has never been notified, or not since the authority may be
/// asked again.
bool is_due_for_request(const DecisionInput& in) {
  if (in.unfinished->state != State::pending || !in.unfinished->ask_again) return false;
  const auto told = told_at(in);
  const bool believed = *in.unfinished->ask_again <= in.now;
  return !told || (believed && *told < *in.unfinished->ask_again);
}

Verdict decide_unfinished(const DecisionInput& in) {
  Verdict verdict;
  concern(verdict, find_certificate(in.token, in.unfinished->old_sha256), in.now);
  if (waits_for_authority(*in.unfinished, in.now)) {
    verdict.decision = Decision::pending_at_authority;
    verdict.look_again = in.unfinished->ask_again;
    verdict.act_unattended_from = in.unfinished->ask_again;
    return verdict;
  }
  const auto& old = verdict.certificate;
  const bool past_renewal =
      old != nullptr && is_past_renewal(old->purpose, old->not_after, in.settings.renewal, in.now);
  const bool reissue = way_on(*in.unfinished, past_renewal) == WayOn::enroll;
  verdict.decision = reissue ? Decision::reissue_needed : Decision::resume_unfinished;
  if (verdict.certificate != nullptr) place_in_thresholds(in, verdict);
  decide_notification(in, verdict);
  if (is_due_for_request(in)) verdict.notify = true;
  if (!reissue) verdict.act_unattended_from = resume_unattended_from(in);
  if (in.unfinished->last_failure) verdict.detail = without_consequences(in.unfinished->last_failure->detail);
  return verdict;
}

Verdict decide_expiring(const DecisionInput& in, Decision decision, const CertificateReport* certificate) {
  Verdict verdict;
  verdict.decision = decision;
  concern(verdict, certificate, in.now);
  place_in_thresholds(in, verdict);
  decide_notification(in, verdict);
  if (decision == Decision::due) verdict.act_unattended_from = spread_start(in, *certificate);
  if (decision == Decision::expired_in_grace) verdict.act_unattended_from = in.now;
  return verdict;
}

Verdict decide_renewable(const DecisionInput& in, const CertificateReport* certificate) {
  const bool expired = in.now > certificate->not_after;
  Verdict verdict = decide_expiring(in, expired ? Decision::expired_in_grace : Decision::due, certificate);
  verdict.due = due_certificates(in.token, in.settings, in.now).size();
  return verdict;
}

/// Decisions that time alone does not change: notified at the insertion, evaluated again at the next
/// insertion.
Verdict decide_missing(const DecisionInput& in, Decision decision, const CertificateReport* certificate) {
  Verdict verdict;
  verdict.decision = decision;
  concern(verdict, certificate, in.now);
  verdict.notify = decision != Decision::nothing_of_ours && in.trigger == Trigger::insertion;
  return verdict;
}

/// Asks for the PIN at an insertion, at most once a day, since the PIN may reveal nothing new. While a
/// visible certificate of ours is not due, asks about hidden certificates once in a renewal window.
Verdict decide_hidden(const DecisionInput& in, const Choice& choice) {
  Verdict verdict;
  verdict.decision = Decision::cannot_be_told;
  concern(verdict, choice.about, in.now);
  verdict.detail = choice.failure->detail;
  const bool not_due = choice.failure->reason == Reason::not_due;
  if (not_due) earliest(verdict.look_again, due_from(choice.about->not_after, in.settings.renewal), in.now);
  const auto told = told_at(in);
  const TimePoint again = !told ? in.now : not_due ? add(*told, in.settings.renewal.window) : *told + days{1};
  verdict.notify = in.trigger == Trigger::insertion && again <= in.now;
  return verdict;
}

/// The other computer may already have proved the certificate, so the person is notified once, then at an
/// insertion and at most once a day.
Verdict decide_unproven(const DecisionInput& in, const CertificateReport* certificate) {
  Verdict verdict;
  verdict.decision = Decision::proof_left;
  concern(verdict, certificate, in.now);
  earliest(verdict.look_again, due_from(certificate->not_after, in.settings.renewal), in.now);
  const bool inserted = in.trigger == Trigger::insertion;
  const auto told = same_certificate(in, *certificate) ? told_at(in) : std::nullopt;
  const bool asked_for_quiet = in.memory != nullptr && in.memory->snoozed_at.has_value();
  verdict.notify = inserted ? !told || in.now - *told >= days{1} : !told && !asked_for_quiet;
  verdict.snooze_over = inserted && asked_for_quiet;
  verdict.act_unattended_from = in.now;
  return verdict;
}

/// An expired certificate does not delay the notification about another lineage that falls due.
void look_again_for_others(const DecisionInput& in, Verdict& verdict) {
  for (const CertificateReport& other : in.token.certificates) {
    if (!other.replaced_by.empty() || !is_ours(other, in.settings.expect)) continue;
    earliest(verdict.look_again, due_from(other.not_after, in.settings.renewal), in.now);
  }
}

/// When no bank has a memory of the token, the first bank of the settings asks for the PIN on behalf of all
/// banks.
bool asks_for_hidden(const DecisionInput& in, bool here_before) {
  const bool is_first = claims_of(in.settings).front().bank == in.settings.bank();
  return (here_before || is_first) &&
         may_hide_ours(in.token, in.settings.expect, here_before, snapshot_of(in.token, in.memory));
}

/// A certificate that the settings keep from being renewed: the person is notified by its date, nobody acts
/// unattended.
Verdict decide_by_date_alone(const DecisionInput& in, const CertificateReport* certificate) {
  const auto& policy = in.settings.renewal;
  const TimePoint due = due_from(certificate->not_after, policy);
  const bool past = is_past_renewal(certificate->purpose, certificate->not_after, policy, in.now);
  Verdict verdict;
  verdict.decision = Decision::not_due;
  if (due <= in.now)
    verdict = decide_expiring(in, past ? Decision::reissue_needed : Decision::due, certificate);
  concern(verdict, certificate, in.now);
  earliest(verdict.look_again, due, in.now);
  verdict.act_unattended_from.reset();
  return verdict;
}

Verdict decide_not_found(const DecisionInput& in, const Choice& choice, bool here_before) {
  const auto* known = known_but_unclaimed(in.token, in.memory, in.records, in.settings.expect);
  if (choice.about != nullptr || asks_for_hidden(in, here_before)) return decide_hidden(in, choice);
  if (known != nullptr) return decide_by_date_alone(in, known);
  return decide_missing(in, here_before ? Decision::certificate_missing : Decision::nothing_of_ours, nullptr);
}

Verdict decide_without_choice(const DecisionInput& in, const Choice& choice) {
  const Failure& failure = *choice.failure;
  const CertificateReport* const certificate = choice.about;
  const CertificateReport* written =
      in.records == nullptr ? nullptr : left_to_prove(failure, in.token, *in.records, in.settings.expect);
  if (written != nullptr) return decide_unproven(in, written);
  const bool here_before = was_ours(in.token, in.memory, in.records, in.settings.expect);
  Verdict verdict;
  switch (failure.reason) {
    case Reason::reissue_needed:
      if (pin_may_tell(choice, in.token, in.memory)) return decide_hidden(in, choice);
      verdict = decide_expiring(in, Decision::reissue_needed, certificate);
      look_again_for_others(in, verdict);
      return verdict;
    case Reason::certificate_ambiguous:
      verdict = decide_expiring(in, Decision::due, certificate);
      verdict.act_unattended_from.reset();
      break;
    case Reason::bank_ambiguous:
      if (!tells_of_dispute(*certificate, in.token, in.settings.bank())) return {};
      verdict = decide_by_date_alone(in, certificate);
      break;
    case Reason::key_not_found:
      verdict = decide_missing(in, Decision::key_missing, certificate);
      break;
    case Reason::certificate_not_found:
      verdict = decide_not_found(in, choice, here_before);
      break;
    case Reason::not_due:
      if (pin_may_tell(choice, in.token, in.memory)) return decide_hidden(in, choice);
      [[fallthrough]];
    default:  // not_due, or certificate_not_valid_yet, which becomes not_due with time
      verdict.decision = Decision::not_due;
      concern(verdict, certificate, in.now);
      verdict.snooze_over = in.memory != nullptr && in.memory->snoozed_at.has_value();
      if (certificate == nullptr) break;
      earliest(verdict.look_again, certificate->not_before, in.now);
      earliest(verdict.look_again, due_from(certificate->not_after, in.settings.renewal), in.now);
      if (failure.reason == Reason::not_due) return verdict;
  }
  verdict.detail = failure.detail;
  return verdict;
}

/// Nobody touches a token while no person is asked.
Verdict left_to_a_person(Verdict verdict) {
  const bool touch = verdict.certificate != nullptr && verdict.certificate->key_policies.needs_touch();
  if (touch) verdict.act_unattended_from.reset();
  return verdict;
}

Verdict decide_by_itself(const DecisionInput& input) {
  if (!input.token.trouble.empty()) {
    Verdict verdict;
    verdict.detail = input.token.trouble;
    return verdict;
  }
  messages::TokenReport known = recalled(input.token, input.memory, input.now);
  assign_banks(known, claims_of(input.settings));
  const DecisionInput in{known,     input.unfinished, input.memory, input.settings,
                         input.now, input.trigger,    input.records};
  if (in.unfinished != nullptr && still_belongs_to(*in.unfinished, in.token, in.memory) &&
      is_of_bank(*in.unfinished, in.token, in.settings)) {
    const auto* other = due_beside(*in.unfinished, in.token, in.settings, in.now);
    return other == nullptr ? decide_unfinished(in) : decide_renewable(in, other);
  }
  const Choice choice = choose_certificate(in.token, {}, in.settings, in.now, false);
  if (choice.failure) return decide_without_choice(in, choice);
  return decide_renewable(in, choice.certificate);
}

}  // namespace

bool reinsertion_may_heal(const Failure& failure) {
  switch (failure.reason) {
    case Reason::token_error:
    case Reason::module_crashed:
    case Reason::module_hung:
      return true;
    default:
      return failure.retry() == Retry::after_user_action;
  }
}

Verdict decide(const DecisionInput& input) {
  return left_to_a_person(decide_by_itself(input));
}

void keep_decision(TokenMemory& memory, const Verdict& verdict) {
  memory.last_decision = to_string(verdict.decision);
  memory.certificate_sha256 = verdict.certificate == nullptr ? std::string() : verdict.certificate->sha256;
  memory.email = verdict.certificate == nullptr ? std::string() : verdict.certificate->email;
  memory.purpose = verdict.certificate == nullptr ? messages::Purpose::log_in : verdict.certificate->purpose;
  memory.not_after =
      verdict.certificate == nullptr ? std::nullopt : std::optional(verdict.certificate->not_after);
}

}  // namespace koshin::renewal
