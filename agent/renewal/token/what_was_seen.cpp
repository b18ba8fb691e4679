// SPDX-License-Identifier: MIT
#include "renewal/token/what_was_seen.hpp"

#include <exception>
#include <utility>

#include "foundation/log/log.hpp"
#include "renewal/journal/bank_decisions.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/recall.hpp"
#include "renewal/token/failure_translation.hpp"

namespace koshin::renewal {
void save_snapshot(const JobContext& context, const TokenKey& key,
                   const std::function<messages::TokenReport()>& report) noexcept {
  try {
    auto seen = report();
    if (!seen.trouble.empty()) return;
    const TokenHistory history(context.journal, key);
    for (const Settings& bank : banks_of(context)) {
      const auto known = context.journal.memory(key, bank.bank());
      const Verdict verdict = history.decide(bank, seen, known, context.now());
      if (verdict.decision == Decision::nothing_of_ours && !known) continue;
      context.journal.remember(key, bank.bank(), [&](TokenMemory& memory) {
        memory.label = seen.label;
        if (memory.module.empty()) memory.module = seen.module;
        memory.last_seen = context.now();
        keep_decision(memory, verdict);
        memory.snapshot = Snapshot{context.now(), seen};
      });
    }
  } catch (const std::exception& error) {
    log::warning(log::Event::none, "what was seen is not remembered: " + as_failure(error).detail);
  }
}

messages::TokenReport with_snapshot(const JobContext& context, messages::TokenReport report) {
  try {
    const auto memory = context.journal.memory(token_key(report));
    auto known = recalled(std::move(report), memory ? &*memory : nullptr, context.now());
    assign_banks(known, claims_of(context.settings));
    return known;
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "what was seen with the PIN is not known: " + error.failure().detail);
    return report;
  }
}

}  // namespace koshin::renewal
