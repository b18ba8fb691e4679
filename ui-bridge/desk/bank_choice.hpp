// SPDX-License-Identifier: MIT
// The bank of a page that is opened without naming one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"
#include "renewal/journal/journal.hpp"
#include "ui-bridge/wizard/wizard.hpp"

namespace koshin::ui {

/// The bank that a page is about. Among several banks the one with the most urgent decision about the tokens
/// that are plugged in (renewal/journal/bank_decisions.hpp), which are read for this; where no bank has any,
/// the one whose certificate needs attention by the journal's memory; else the first bank. Empty when there
/// is one bank without a name.
std::string bank_needing_attention(const Deployment& deployment, const Occasion& occasion);
/// The bank with the most urgent decision about the given tokens; empty where no bank has any.
std::string bank_needing_attention(const Deployment& deployment, const messages::InspectResult& found,
                                   renewal::Journal& journal, TimePoint now);
/// The bank whose certificate needs attention by the given memories, the first to expire; else the first
/// bank.
std::string bank_needing_attention(const Deployment& deployment, const Occasion& occasion,
                                   std::vector<renewal::TokenMemory> memories);
/// The memory whose certificate needs attention by the decision that was kept with it, the first to expire;
/// where the occasion names a certificate, of that one alone.
std::optional<renewal::TokenMemory> most_pressing(const std::vector<renewal::TokenMemory>& memories,
                                                  const Occasion& occasion);

}  // namespace koshin::ui
