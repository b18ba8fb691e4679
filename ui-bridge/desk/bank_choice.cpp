// SPDX-License-Identifier: MIT
#include "bank_choice.hpp"

#include <chrono>
#include <variant>

#include "foundation/base/clock.hpp"
#include "foundation/jobs/job_runner.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/bank_decisions.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/decision_words.hpp"

namespace koshin::ui {
namespace {

/// The longest wait before a page opens.
constexpr std::chrono::seconds longest_look{20};

bool needs_attention(const renewal::TokenMemory& memory) {
  const auto decision = renewal::parse_decision(memory.last_decision);
  return decision && renewal::needs_attention(*decision);
}

bool is_meant(const renewal::TokenMemory& memory, const Occasion& occasion) {
  return occasion.certificate_sha256.empty() || memory.certificate_sha256 == occasion.certificate_sha256;
}

/// The tokens of this computer as they show without a PIN; empty when they cannot be read in time. (The page
/// reads them again and reports the cause.)
messages::InspectResult plugged_in(const Occasion& occasion) {
  messages::Job look;
  look.kind = messages::JobKind::inspect;
  look.settings_file = occasion.settings_file;
  const auto answer = run_job(
      look, {}, [](const messages::Event&) {}, longest_look);
  const auto* const found = std::get_if<messages::InspectResult>(&answer);
  return found == nullptr ? messages::InspectResult{} : *found;
}

}  // namespace

std::optional<renewal::TokenMemory> most_pressing(const std::vector<renewal::TokenMemory>& memories,
                                                  const Occasion& occasion) {
  const renewal::TokenMemory* first = nullptr;
  for (const renewal::TokenMemory& memory : memories) {
    if (!is_meant(memory, occasion) || !needs_attention(memory)) continue;
    const auto expiry = memory.not_after.value_or(TimePoint::max());
    if (first == nullptr || expiry < first->not_after.value_or(TimePoint::max())) first = &memory;
  }
  return first == nullptr ? std::nullopt : std::optional(*first);
}

std::string bank_needing_attention(const Deployment& deployment, const Occasion& occasion,
                                   std::vector<renewal::TokenMemory> memories) {
  std::erase_if(memories, [&](const auto& memory) { return deployment.find(memory.bank) == nullptr; });
  const auto first = most_pressing(memories, occasion);
  return first ? first->bank : deployment.banks.front().bank();
}

std::string bank_needing_attention(const Deployment& deployment, const messages::InspectResult& found,
                                   renewal::Journal& journal, TimePoint now) {
  const auto decisions = renewal::bank_decisions(deployment.banks, found, journal, now);
  const bool nobodys =
      decisions.empty() || renewal::urgency_of(decisions.front().verdict) == renewal::Urgency::never;
  return nobodys ? std::string() : decisions.front().bank;
}

std::string bank_needing_attention(const Deployment& deployment, const Occasion& occasion) {
  if (deployment.banks.size() == 1) return deployment.banks.front().bank();
  try {
    const auto journal = renewal::Journal::open_unless_damaged(paths::journal_file());
    if (occasion.certificate_sha256.empty()) {
      auto bank = bank_needing_attention(deployment, plugged_in(occasion), *journal, current_time());
      if (!bank.empty()) return bank;
    }
    return bank_needing_attention(deployment, occasion,
                                  renewal::of_banks(journal->memories(), deployment.base));
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "which bank calls is not known",
                 {{"KOSHIN_DETAIL", error.failure().detail}});
    return deployment.banks.front().bank();
  }
}

}  // namespace koshin::ui
