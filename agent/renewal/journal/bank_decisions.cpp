// SPDX-License-Identifier: MIT
#include "renewal/journal/bank_decisions.hpp"

#include <algorithm>
#include <utility>

#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::renewal {
namespace {

auto order_of(const BankDecision& decision) {
  const auto& certificate = decision.verdict.certificate;
  return std::pair(urgency_of(decision.verdict.decision),
                   certificate == nullptr ? TimePoint::max() : certificate->not_after);
}

Verdict judge(const Settings& bank, const messages::TokenReport& token, Journal& journal, TimePoint now) {
  const auto key = token_key(token);
  const auto memory = journal.memory(key, bank.bank());
  const auto unfinished = of_bank(journal.all_unfinished(), token, bank);
  const auto records = of_bank(journal.history_of(key, records_looked_back), token, bank);
  return decide({.token = token,
                 .unfinished = unfinished_on(token, unfinished),
                 .memory = memory ? &*memory : nullptr,
                 .settings = bank,
                 .now = now,
                 .trigger = Trigger::timer,
                 .records = &records});
}

}  // namespace

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

std::vector<BankDecision> bank_decisions(const std::vector<Settings>& banks,
                                         const messages::InspectResult& found, Journal& journal,
                                         TimePoint now) {
  std::vector<BankDecision> all;
  for (const messages::TokenReport& token : found.tokens) {
    if (!token.initialized) continue;
    for (const Settings& bank : banks)
      if (may_mean(bank, token)) all.push_back({token, bank.bank(), judge(bank, token, journal, now)});
  }
  std::stable_sort(all.begin(), all.end(), [](const BankDecision& one, const BankDecision& other) {
    return order_of(one) < order_of(other);
  });
  return all;
}

}  // namespace koshin::renewal
