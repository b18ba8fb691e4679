// SPDX-License-Identifier: MIT
// How urgent a decision is. Pure.
#pragma once

#include "renewal/policy/decision.hpp"

namespace koshin::renewal {

/// The urgency of a decision, the most urgent first.
enum class Urgency {
  now,      ///< a renewal can begin or go on
  perhaps,  ///< only a look with the PIN can tell
  person,   ///< a person has to do something else first, such as asking for a re-issue code
  later,    ///< the certificate is not due
  never,    ///< nothing on the token is the bank's
};
Urgency urgency_of(Decision decision);

/// Whether the settings keep the decision's certificate from being renewed: no bank claims it, or several do.
bool is_held_up(const Verdict& verdict);
/// The urgency of the verdict's decision, at most Urgency::person where is_held_up(): no renewal can begin
/// there, and none of another bank or token is to wait for it.
Urgency urgency_of(const Verdict& verdict);

/// Whether somebody has to do something.
inline bool needs_attention(Decision decision) {
  return urgency_of(decision) < Urgency::later;
}

}  // namespace koshin::renewal
