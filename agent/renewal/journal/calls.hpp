// SPDX-License-Identifier: MIT
// What each bank of the computer is to do about each token that is plugged in, by what the journal knows.
#pragma once

#include <string>
#include <vector>

#include "renewal/journal/journal.hpp"
#include "renewal/policy/decision.hpp"

namespace koshin::renewal {

/// How much a decision presses, the most pressing first.
enum class Pressing {
  now,      ///< a renewal can begin or go on
  perhaps,  ///< only a look with the PIN can tell
  person,   ///< somebody has to do something else first, such as asking for a re-issue code
  later,
  never,  ///< nothing on the token is the bank's
};
Pressing pressing(Decision decision);

/// One bank's decision about one token.
struct Call {
  messages::TokenReport token;
  std::string bank;  ///< Settings::bank()
  Verdict verdict;
};

/// The decisions of all `banks` about all initialized tokens: the most pressing first, and of equals the one
/// whose certificate expires first. Throws FailureError{journal_unusable}.
std::vector<Call> calls_of(const std::vector<Settings>& banks, const messages::InspectResult& found,
                           Journal& journal, TimePoint now);

}  // namespace koshin::renewal
