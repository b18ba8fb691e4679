// SPDX-License-Identifier: MIT
// The name of each decision, and what it means.
#include "renewal/policy/decision_words.hpp"

#include "foundation/texts/decision.hpp"

namespace koshin::renewal {
namespace {

Text words_for(Decision decision) {
  switch (decision) {
    case Decision::not_due:
      return texts::decision_not_due;
    case Decision::due:
      return texts::decision_due;
    case Decision::snoozed:
      return texts::decision_snoozed;
    case Decision::resume_unfinished:
      return texts::decision_resume_unfinished;
    case Decision::pending_at_authority:
      return texts::decision_pending_at_authority;
    case Decision::expired_in_grace:
      return texts::decision_expired_in_grace;
    case Decision::reissue_needed:
      return texts::decision_reissue_needed;
    case Decision::certificate_missing:
      return texts::decision_certificate_missing;
    case Decision::key_missing:
      return texts::decision_key_missing;
    case Decision::proof_left:
      return texts::decision_proof_left;
    case Decision::cannot_be_told:
      return texts::decision_cannot_be_told;
    case Decision::nothing_of_ours:
      return texts::decision_nothing_of_ours;
  }
  return {};
}

}  // namespace

std::string_view to_string(Decision decision) {
  switch (decision) {
    case Decision::not_due:
      return "not_due";
    case Decision::due:
      return "due";
    case Decision::snoozed:
      return "snoozed";
    case Decision::resume_unfinished:
      return "resume_unfinished";
    case Decision::pending_at_authority:
      return "pending_at_authority";
    case Decision::expired_in_grace:
      return "expired_in_grace";
    case Decision::reissue_needed:
      return "reissue_needed";
    case Decision::certificate_missing:
      return "certificate_missing";
    case Decision::key_missing:
      return "key_missing";
    case Decision::proof_left:
      return "proof_left";
    case Decision::cannot_be_told:
      return "cannot_be_told";
    case Decision::nothing_of_ours:
      return "nothing_of_ours";
  }
  return "";
}

std::string_view in_words(Decision decision, Language language) {
  return words_for(decision).in(language);
}

std::optional<Decision> parse_decision(std::string_view text) {
  for (int i = 0; i <= static_cast<int>(Decision::nothing_of_ours); ++i) {
    const auto decision = static_cast<Decision>(i);
    if (to_string(decision) == text) return decision;
  }
  return {};
}

}  // namespace koshin::renewal
