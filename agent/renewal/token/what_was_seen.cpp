// SPDX-License-Identifier: MIT
#include "renewal/token/what_was_seen.hpp"

#include <exception>
#include <utility>

#include "foundation/log/log.hpp"
#include "renewal/policy/decision.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/recall.hpp"
#include "renewal/token/failure_translation.hpp"

namespace koshin::renewal {
namespace {

Verdict judge(const JobContext& context, const TokenKey& key, const messages::TokenReport& report,
              const std::optional<TokenMemory>& memory) {
  const auto all = context.journal.all_unfinished();
  const auto records = context.journal.history_of(key, records_looked_back);
  return decide({.token = report,
                 .unfinished = unfinished_on(report, all),
                 .memory = memory ? &*memory : nullptr,
                 .settings = context.settings,
                 .now = context.now(),
                 .trigger = Trigger::timer,
                 .records = &records});
}

}  // namespace

void remember_what_was_seen(const JobContext& context, const TokenKey& key,
                            const std::function<messages::TokenReport()>& report) noexcept {
  try {
    auto seen = report();
    if (!seen.trouble.empty()) return;
    const auto known = context.journal.memory(key);
    const Verdict verdict = judge(context, key, seen, known);
    if (verdict.decision == Decision::nothing_of_ours && !known) return;
    context.journal.remember(key, [&](TokenMemory& memory) {
      memory.label = seen.label;
      if (memory.module.empty()) memory.module = seen.module;
      memory.last_seen = context.now();
      keep_decision(memory, verdict);
      memory.look = Look{context.now(), std::move(seen)};
    });
  } catch (const std::exception& error) {
    log::warning(log::Event::none, "what was seen is not remembered: " + as_failure(error).detail);
  }
}

messages::TokenReport with_what_was_seen(const JobContext& context, messages::TokenReport report) {
  try {
    const auto memory = context.journal.memory(token_key(report));
    return recalled(std::move(report), memory ? &*memory : nullptr, context.now());
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "what was seen with the PIN is not known: " + error.failure().detail);
    return report;
  }
}

}  // namespace koshin::renewal
