// SPDX-License-Identifier: MIT
// The decision of each bank of the computer about each token that is plugged in, by the journal's memory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "renewal/journal/journal.hpp"
#include "renewal/policy/urgency.hpp"

namespace koshin::renewal {

/// What the journal has about a token, read once for the decisions of all banks.
class TokenHistory {
 public:
  /// Throws FailureError{journal_unusable}.
  TokenHistory(Journal& journal, const TokenKey& key);
  /// The decision of the bank with these settings. `memory`: Journal::memory() for this bank.
  Verdict decide(const Settings& bank, const messages::TokenReport& token,
                 const std::optional<TokenMemory>& memory, TimePoint now) const;

 private:
  std::vector<Record> unfinished_, records_;
};

/// The decision of one bank about one token.
struct BankDecision {
  messages::TokenReport token;
  std::string bank;  ///< Settings::bank()
  Verdict verdict;
};

/// The decisions of all `banks` about all initialized tokens: the most urgent first (urgency_of()), and among
/// equally urgent ones the certificate that expires first, those that are held up behind all others. Throws
/// FailureError{journal_unusable}.
std::vector<BankDecision> bank_decisions(const std::vector<Settings>& banks,
                                         const messages::InspectResult& found, Journal& journal,
                                         TimePoint now);

}  // namespace koshin::renewal
