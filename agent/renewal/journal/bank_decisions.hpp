// SPDX-License-Identifier: MIT
// The decision of each bank of the computer about each token that is plugged in, by the journal's memory.
#pragma once

#include <string>
#include <vector>

#include "renewal/journal/journal.hpp"
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

/// The decision of one bank about one token.
struct BankDecision {
  messages::TokenReport token;
  std::string bank;  ///< Settings::bank()
  Verdict verdict;
};

/// The decisions of all `banks` about all initialized tokens: the most urgent first, and among equally urgent
/// ones the certificate that expires first. Throws FailureError{journal_unusable}.
std::vector<BankDecision> bank_decisions(const std::vector<Settings>& banks,
                                         const messages::InspectResult& found, Journal& journal,
                                         TimePoint now);

}  // namespace koshin::renewal
