// SPDX-License-Identifier: MIT
// The first screen, from the same decision as the resident agent's.
#include "opening.hpp"

#include <algorithm>
#include <limits>

#include "renewal/policy/decision.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/token_profile.hpp"
#include "renewal/policy/urgency.hpp"

namespace koshin::ui {

namespace {

using messages::CertificateReport;
using messages::TokenReport;
using renewal::Decision;
using renewal::needs_attention;

struct Assessment {
  std::optional<renewal::Record> unfinished;
  std::optional<renewal::TokenMemory> memory;
  std::optional<std::vector<renewal::Record>> records;
  renewal::Verdict verdict;
};

Assessment assess(const TokenReport& token, const Settings& settings, TokenHistory& history,
                  renewal::Trigger trigger = renewal::Trigger::insertion) {
  const renewal::TokenKey key = renewal::token_key(token);
  Assessment assessment{history.unfinished(token), history.memory(key), history.records(key), {}};
  assessment.verdict =
      renewal::decide({.token = token,
                       .unfinished = assessment.unfinished ? &*assessment.unfinished : nullptr,
                       .memory = assessment.memory ? &*assessment.memory : nullptr,
                       .settings = settings,
                       .now = history.now(),
                       .trigger = trigger,
                       .records = assessment.records ? &*assessment.records : nullptr});
  return assessment;
}

std::string why_reissue(Decision decision, const Assessment& assessment) {
  if (decision == Decision::certificate_missing) return "certificate_missing";
  if (decision == Decision::key_missing) return "key_missing";
  return assessment.unfinished && assessment.unfinished->enrollment ? "incomplete" : "expired";
}

bool belongs_to_a_person(messages::Purpose purpose) {
  using messages::Purpose;
  return purpose == Purpose::log_in || purpose == Purpose::signature || purpose == Purpose::encryption;
}

/// The certificate to show when nothing is due.
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
  for (const auto& certificate : token.certificates) {  // of several the oldest first
    const bool older = !result.deletable || certificate.not_after < result.deletable->not_after;
    if (older && renewal::deletion_of(certificate) == renewal::Deletion::renewed)
      result.deletable = certificate;
  }
  result.screen = Screen::current;
}

/// The page asks only for the user's PIN: where that is not enough to generate keys, an administrator renews
/// with the command line.
void refer_to_administrator(Opening& result, const Assessment& assessment, Failure why) {
  result.deletable.reset();
  if (assessment.unfinished && renewal::only_proof_is_left(*assessment.unfinished))
    return;  // the proof needs only the user's PIN
  const bool asks = result.screen == Screen::unlock || result.screen == Screen::reissue;
  if (asks && !result.failure) result.failure = std::move(why);
}

/// A link may lead to the field for a re-issue code, as the button on these screens does; nothing that was
/// begun is left for it.
void go_to_reissue(Opening& result) {
  const bool begun = result.resumed || result.proof_left || result.failure;
  if (begun || (result.screen != Screen::unlock && result.screen != Screen::current)) return;
  result.screen = Screen::reissue;
  result.task = Task::enroll;
  result.why_reissue = "asked";
  result.deletable.reset();
  result.look_first = false;
}

/// The decision of the agent, where it differs and changes the screen: the token may look better now if the
/// memory that made the difference (an earlier certificate) was written since.
Decision agreed(Decision seen, const std::string& said) {
  if (seen == Decision::nothing_of_ours && (said == "certificate_missing" || said == "reissue_needed"))
    return Decision::certificate_missing;
  return seen;
}

/// Nothing is to be renewed: why, or what there is instead.
void open_without_renewal(Opening& result, const TokenReport& token, Decision decision) {
  if (!token.trouble.empty()) {
    result.failure = Failure{parse_reason(token.trouble).value_or(Reason::token_error), {}, {}};
    return;
  }
  if (!token.initialized) {
    result.failure = Failure{Reason::token_uninitialized, {}, {}};
    return;
  }
  if (decision == Decision::nothing_of_ours && newest(token) == nullptr) {
    result.screen = Screen::reissue;
    result.task = Task::enroll;
    result.why_reissue = "certificate_missing";
    return;
  }
  if (decision == Decision::nothing_of_ours) result.why_reissue = "not_ours";
  fill_nothing_due(result, token);
}

}  // namespace

std::optional<std::size_t> choose_token(const std::vector<TokenReport>& tokens, const Occasion& occasion,
                                        const Settings& settings, TokenHistory& history) {
  std::optional<std::size_t> unproven, holding_ours;
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const TokenReport& token = tokens[index];
    if (!occasion.token_uri.empty()) {
      const bool same_slot = occasion.slot.empty() || token.slot_description == occasion.slot;
      if (token.uri == occasion.token_uri && same_slot) return index;
      continue;
    }
    const Decision decision = assess(token, settings, history).verdict.decision;
    if (decision == Decision::proof_left) {
      if (!unproven) unproven = index;
      continue;
    }
    if (needs_attention(decision)) return index;
    if (decision == Decision::not_due && !holding_ours) holding_ours = index;
  }
  if (!occasion.token_uri.empty() || tokens.empty()) return std::nullopt;
  return unproven ? unproven : holding_ours.value_or(0);
}

std::vector<OtherToken> other_tokens_needing_attention(const std::vector<TokenReport>& tokens,
                                                       const Settings& settings, TokenHistory& history) {
  std::vector<OtherToken> others;
  for (const TokenReport& token : tokens) {
    const Assessment assessment = assess(token, settings, history, renewal::Trigger::timer);
    const Decision decision = assessment.verdict.decision;
    const bool waits = decision == Decision::pending_at_authority && assessment.unfinished &&
                       assessment.unfinished->ask_again.value_or(history.now()) > history.now();
    if (!needs_attention(decision) || decision == Decision::snoozed || waits) continue;
    OtherToken other{token.uri,
                     token.slot_description,
                     token.label,
                     {},
                     {},
                     std::string(to_string(decision)),
                     assessment.verdict.days_left};
    if (const auto& certificate = assessment.verdict.certificate) {
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
                TokenHistory& history) {
  Opening result;
  const Assessment assessment = assess(token, settings, history);
  if (assessment.verdict.certificate != nullptr) result.certificate = *assessment.verdict.certificate;
  const Decision decision = agreed(assessment.verdict.decision, occasion.reason);
  switch (decision) {
    case Decision::due:
    case Decision::snoozed:
    case Decision::expired_in_grace:
      result.screen = Screen::unlock;
      result.look_first = assessment.verdict.certificate->recalled;  // the snapshot may be outdated
      break;
    case Decision::resume_unfinished:
      result.screen = Screen::unlock;
      result.resumed = true;
      result.task = assessment.unfinished->enrollment ? Task::enroll : Task::renew;
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
      result.task = assessment.unfinished->enrollment ? Task::enroll : Task::renew;
      result.pending = messages::PendingResult{assessment.unfinished->ask_again.value_or(history.now()), {}};
      break;
    case Decision::reissue_needed:
    case Decision::certificate_missing:
    case Decision::key_missing:
      result.screen = Screen::reissue;
      result.task = Task::enroll;
      result.why_reissue = why_reissue(decision, assessment);
      break;
    case Decision::not_due:
    case Decision::nothing_of_ours:
      open_without_renewal(result, token, decision);
  }
  if (occasion.reissue_asked) go_to_reissue(result);
  if (auto why = renewal::profile_of(settings).why_person_cannot_renew(token, settings))
    refer_to_administrator(result, assessment, std::move(*why));
  return result;
}

}  // namespace koshin::ui
