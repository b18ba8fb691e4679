// SPDX-License-Identifier: MIT
#include "renewal/journal/calls.hpp"

#include <algorithm>
#include <utility>

#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::renewal {
namespace {

auto order_of(const Call& call) {
  const auto& certificate = call.verdict.certificate;
  return std::pair(pressing(call.verdict.decision),
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

Pressing pressing(Decision decision) {
  switch (decision) {
    case Decision::due:
    case Decision::snoozed:
    case Decision::resume_unfinished:
    case Decision::expired_in_grace:
    case Decision::proof_left:
      return Pressing::now;
    case Decision::cannot_be_told:
      return Pressing::perhaps;
    case Decision::pending_at_authority:
    case Decision::reissue_needed:
    case Decision::certificate_missing:
    case Decision::key_missing:
      return Pressing::person;
    case Decision::not_due:
      return Pressing::later;
    case Decision::nothing_of_ours:
      break;
  }
  return Pressing::never;
}

std::vector<Call> calls_of(const std::vector<Settings>& banks, const messages::InspectResult& found,
                           Journal& journal, TimePoint now) {
  std::vector<Call> all;
  for (const messages::TokenReport& token : found.tokens) {
    if (!token.initialized) continue;
    for (const Settings& bank : banks) all.push_back({token, bank.bank(), judge(bank, token, journal, now)});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Call& one, const Call& other) { return order_of(one) < order_of(other); });
  return all;
}

}  // namespace koshin::renewal
