// SPDX-License-Identifier: MIT
#include "renewal/policy/proof_consequences.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "foundation/base/text.hpp"

namespace koshin::renewal {
namespace {

constexpr std::array<std::pair<ProofConsequence, std::string_view>, 5> sentences{{
    {ProofConsequence::given_up, "; this certificate is given up: the next renewal asks for another one"},
    {ProofConsequence::tried_again, "; the next renewal tries the log-in again"},
    {ProofConsequence::old_on_token, "; the old certificate is on the token"},
    {ProofConsequence::old_not_seen, "; the old certificate was not seen on the token"},
    {ProofConsequence::old_not_written_back,
     "; the old certificate is not written back to the token yet: this computer's journal has it, and the "
     "next "
     "renewal with the management key does that"},
}};

}  // namespace

std::string with_consequences(std::string_view answer, const std::vector<ProofConsequence>& consequences) {
  std::string follows;
  for (const ProofConsequence one : consequences)
    follows +=
        std::ranges::find(sentences, one, &std::pair<ProofConsequence, std::string_view>::first)->second;
  return printable(answer, printable_limit - follows.size()) + follows;
}

std::string without_consequences(std::string_view detail) {
  const auto ends = [&](const auto& row) { return detail.ends_with(row.second); };
  for (const auto* row = std::ranges::find_if(sentences, ends); row != sentences.end();
       row = std::ranges::find_if(sentences, ends))
    detail.remove_suffix(row->second.size());
  return std::string(detail);
}

}  // namespace koshin::renewal
