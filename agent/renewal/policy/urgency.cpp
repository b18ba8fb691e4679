// SPDX-License-Identifier: MIT
#include "renewal/policy/urgency.hpp"

#include <algorithm>

namespace koshin::renewal {

Urgency urgency_of(Decision decision) {
  switch (decision) {
    case Decision::due:
    case Decision::snoozed:
    case Decision::resume_unfinished:
    case Decision::expired_in_grace:
    case Decision::proof_left:
      return Urgency::now;
    case Decision::cannot_be_told:
      return Urgency::perhaps;
    case Decision::pending_at_authority:
    case Decision::reissue_needed:
    case Decision::certificate_missing:
    case Decision::key_missing:
      return Urgency::person;
    case Decision::not_due:
      return Urgency::later;
    case Decision::nothing_of_ours:
      break;
  }
  return Urgency::never;
}

bool is_held_up(const Verdict& verdict) {
  const auto& certificate = verdict.certificate;
  return certificate != nullptr && (certificate->unclaimed || !certificate->disputed.empty());
}

Urgency urgency_of(const Verdict& verdict) {
  const Urgency urgency = urgency_of(verdict.decision);
  return is_held_up(verdict) ? std::max(urgency, Urgency::person) : urgency;
}

}  // namespace koshin::renewal
