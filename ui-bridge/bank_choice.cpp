// SPDX-License-Identifier: MIT
#include "bank_choice.hpp"

#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/decision_words.hpp"

namespace koshin::ui {
namespace {

bool calls(const renewal::TokenMemory& memory) {
  const auto decision = renewal::parse_decision(memory.last_decision);
  return decision && *decision != renewal::Decision::not_due &&
         *decision != renewal::Decision::nothing_of_ours;
}

bool is_meant(const renewal::TokenMemory& memory, const Occasion& occasion) {
  return occasion.certificate_sha256.empty() || memory.certificate_sha256 == occasion.certificate_sha256;
}

}  // namespace

std::string bank_that_calls(const Deployment& deployment, const Occasion& occasion,
                            const std::vector<renewal::TokenMemory>& memories) {
  const renewal::TokenMemory* first = nullptr;
  for (const renewal::TokenMemory& memory : memories) {
    if (!is_meant(memory, occasion) || !calls(memory) || deployment.find(memory.bank) == nullptr) continue;
    const auto expiry = memory.not_after.value_or(TimePoint::max());
    if (first == nullptr || expiry < first->not_after.value_or(TimePoint::max())) first = &memory;
  }
  return first == nullptr ? deployment.banks.front().bank() : first->bank;
}

std::string bank_that_calls(const Deployment& deployment, const Occasion& occasion) {
  if (deployment.banks.size() == 1) return deployment.banks.front().bank();
  try {
    const auto journal = renewal::Journal::open(paths::journal_file());
    return bank_that_calls(deployment, occasion, renewal::of_banks(journal->memories(), deployment.base));
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "which bank calls is not known",
                 {{"KOSHIN_DETAIL", error.failure().detail}});
    return deployment.banks.front().bank();
  }
}

}  // namespace koshin::ui
