// SPDX-License-Identifier: MIT
// The first screen, from the same decision the resident agent makes.
#include "opening.hpp"

#include <algorithm>
#include <limits>

#include "renewal/policy/decision.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::ui {

namespace {

using messages::CertificateReport;
using messages::TokenReport;
using renewal::Decision;

struct Look {
  std::optional<renewal::Record> unfinished;
  std::optional<renewal::TokenMemory> memory;
  std::optional<std::vector<renewal::Record>> records;
  renewal::Verdict verdict;
};

Look look_at(const TokenReport& token, const Settings& settings, WizardHost& host,
             renewal::Trigger trigger = renewal::Trigger::insertion) {
  const renewal::TokenKey key = renewal::token_key(token);
  Look look{host.unfinished(key), host.memory(key), host.records(key), {}};
  look.verdict = renewal::decide({.token = token,
                                  .unfinished = look.unfinished ? &*look.unfinished : nullptr,
                                  .memory = look.memory ? &*look.memory : nullptr,
                                  .settings = settings,
                                  .now = host.now(),
                                  .trigger = trigger,
                                  .records = look.records ? &*look.records : nullptr});
  return look;
}

bool calls_for_something(Decision decision) {
  return decision != Decision::not_due && decision != Decision::nothing_of_ours;
}

std::string why_reissue(Decision decision, const Look& look) {
  if (decision == Decision::certificate_missing) return "certificate_missing";
  if (decision == Decision::key_missing) return "key_missing";
  return look.unfinished && look.unfinished->enrollment ? "incomplete" : "expired";
}

bool belongs_to_a_person(messages::Purpose purpose) {
  using messages::Purpose;
  return purpose == Purpose::log_in || purpose == Purpose::signature || purpose == Purpose::encryption;
}

/// The certificate a person would call theirs when nothing is due.
const CertificateReport* newest(const TokenReport& token) {
  const CertificateReport* best = nullptr;
  for (const auto& certificate : token.certificates)
    if (belongs_to_a_person(certificate.purpose) &&
        (best == nullptr || certificate.not_after > best->not_after))
      best = &certificate;
  return best;
}

void fill_nothing_due(Opening& result, const TokenReport& token) {
  if (!result.certificate)
    if (const CertificateReport* certificate = newest(token)) result.certificate = *certificate;
  for (const auto& certificate : token.certificates) {  // of several the oldest; the next one afterwards
    const bool older = !result.deletable || certificate.not_after < result.deletable->not_after;
    if (older && renewal::deletion_of(certificate) == renewal::Deletion::renewed)
      result.deletable = certificate;
  }
  result.screen = Screen::current;
}

/// The page asks for the user's PIN alone: where the security officer makes the keys, an administrator renews
/// with the command line.
void leave_to_officer(Opening& result, const Look& look) {
  result.deletable.reset();
  if (look.unfinished && look.unfinished->state == renewal::State::written)
    return;  // the proof is the user's
  const bool asks = result.screen == Screen::unlock || result.screen == Screen::reissue;
  if (asks && !result.failure) result.failure = Failure{Reason::so_pin_required, {}, {}};
}

/// What the agent saw when it called for us, as far as it changes the screen: the token may look better than
/// it is when the memory that made the difference (a certificate that was there once) was written meanwhile.
Decision agreed(Decision seen, const std::string& said) {
  if (seen == Decision::nothing_of_ours && (said == "certificate_missing" || said == "reissue_needed"))
    return Decision::certificate_missing;
  return seen;
}

}  // namespace

std::optional<std::size_t> choose_token(const std::vector<TokenReport>& tokens, const Occasion& occasion,
                                        const Settings& settings, WizardHost& host) {
  std::optional<std::size_t> unproven, holding_ours;
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const TokenReport& token = tokens[index];
    if (!occasion.token_uri.empty()) {
      const bool same_slot = occasion.slot.empty() || token.slot_description == occasion.slot;
      if (token.uri == occasion.token_uri && same_slot) return index;
      continue;
    }
    const Decision decision = look_at(token, settings, host).verdict.decision;
    if (decision == Decision::proof_left) {
      if (!unproven) unproven = index;
      continue;
    }
    if (calls_for_something(decision)) return index;
    if (decision == Decision::not_due && !holding_ours) holding_ours = index;
  }
  if (!occasion.token_uri.empty() || tokens.empty()) return std::nullopt;
  return unproven ? unproven : holding_ours.value_or(0);
}

std::vector<OtherToken> others_that_call(const std::vector<TokenReport>& tokens, const Settings& settings,
                                         WizardHost& host) {
  std::vector<OtherToken> others;
  for (const TokenReport& token : tokens) {
    const Look look = look_at(token, settings, host, renewal::Trigger::timer);
    const Decision decision = look.verdict.decision;
    const bool waits = decision == Decision::pending_at_authority && look.unfinished &&
                       look.unfinished->ask_again.value_or(host.now()) > host.now();
    if (!calls_for_something(decision) || decision == Decision::snoozed || waits) continue;
    OtherToken other{token.uri, token.slot_description,           token.label,           {},
                     {},        std::string(to_string(decision)), look.verdict.days_left};
    if (const auto& certificate = look.verdict.certificate) {
      other.common_name = certificate->common_name;
      other.certificate_sha256 = certificate->sha256;
    }
    others.push_back(std::move(other));
  }
  constexpr long last = std::numeric_limits<long>::max();
  std::stable_sort(others.begin(), others.end(), [last](const OtherToken& a, const OtherToken& b) {
    return a.days_left.value_or(last) < b.days_left.value_or(last);
  });
  return others;
}

Opening opening(const TokenReport& token, const Occasion& occasion, const Settings& settings,
                WizardHost& host) {
  Opening result;
  const Look look = look_at(token, settings, host);
  if (look.verdict.certificate != nullptr) result.certificate = *look.verdict.certificate;
  const Decision decision = agreed(look.verdict.decision, occasion.reason);
  switch (decision) {
    case Decision::due:
    case Decision::snoozed:
    case Decision::expired_in_grace:
      result.screen = Screen::unlock;
      result.look_first = look.verdict.certificate->recalled;  // much may have changed since it was seen
      break;
    case Decision::resume_unfinished:
      result.screen = Screen::unlock;
      result.resumed = true;
      result.task = look.unfinished->enrollment ? Task::enroll : Task::renew;
      break;
    case Decision::proof_left:
      result.screen = Screen::unlock;
      result.proof_left = true;
      break;
    case Decision::cannot_be_told:
      result.screen = Screen::unlock;
      result.look_first = true;
      break;
    case Decision::pending_at_authority:
      result.screen = Screen::pending;
      result.resumed = true;
      result.task = look.unfinished->enrollment ? Task::enroll : Task::renew;
      result.pending = messages::PendingResult{look.unfinished->ask_again.value_or(host.now()), {}};
      break;
    case Decision::reissue_needed:
    case Decision::certificate_missing:
    case Decision::key_missing:
      result.screen = Screen::reissue;
      result.task = Task::enroll;
      result.why_reissue = why_reissue(decision, look);
      break;
    case Decision::not_due:
    case Decision::nothing_of_ours:
      if (!token.trouble.empty()) {
        result.failure = Failure{parse_reason(token.trouble).value_or(Reason::token_error), {}, {}};
        break;
      }
      if (!token.initialized) {
        result.failure = Failure{Reason::token_uninitialized, {}, {}};
        break;
      }
      if (decision == Decision::nothing_of_ours && newest(token) == nullptr) {
        result.screen = Screen::reissue;
        result.task = Task::enroll;
        result.why_reissue = "certificate_missing";
        break;
      }
      if (decision == Decision::nothing_of_ours) result.why_reissue = "not_ours";
      fill_nothing_due(result, token);
  }
  if (!renewal::profile_of(settings).person_can_renew()) leave_to_officer(result, look);
  return result;
}

}  // namespace koshin::ui
