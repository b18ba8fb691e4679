// SPDX-License-Identifier: MIT
#include "renewal/journal/bank_decisions.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::renewal {
namespace {

/// Among equally urgent ones, what the settings keep from being renewed comes last: it must not hold up
/// another bank's renewal.
auto order_of(const BankDecision& decision) {
  const auto& certificate = decision.verdict.certificate;
  return std::tuple(urgency_of(decision.verdict), is_held_up(decision.verdict),
                    certificate == nullptr ? TimePoint::max() : certificate->not_after);
}

}  // namespace

TokenHistory::TokenHistory(Journal& journal, const TokenKey& key)
    : unfinished_(journal.all_unfinished()), records_(journal.history_of(key, records_looked_back)) {}

Verdict TokenHistory::decide(const Settings& bank, const messages::TokenReport& token,
                             const std::optional<TokenMemory>& memory, TimePoint now) const {
  const auto unfinished = of_bank(unfinished_, token, bank);
  const auto records = of_bank(records_, token, bank);
  return renewal::decide({.token = token,
                          .unfinished = unfinished_on(token, unfinished),
                          .memory = memory ? &*memory : nullptr,
                          .settings = bank,
                          .now = now,
                          .trigger = Trigger::timer,
                          .records = &records});
}

std::vector<BankDecision> bank_decisions(const std::vector<Settings>& banks,
                                         const messages::InspectResult& found, Journal& journal,
                                         TimePoint now) {
  std::vector<BankDecision> all;
  for (const messages::TokenReport& token : found.tokens) {
    if (!token.initialized) continue;
    const auto key = token_key(token);
    const TokenHistory history(journal, key);
    for (const Settings& bank : banks)
      if (may_mean(bank, token))
        all.push_back(
            {token, bank.bank(), history.decide(bank, token, journal.memory(key, bank.bank()), now)});
  }
  std::stable_sort(all.begin(), all.end(), [](const BankDecision& one, const BankDecision& other) {
    return order_of(one) < order_of(other);
  });
  return all;
}

}  // namespace koshin::renewal
