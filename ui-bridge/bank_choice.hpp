// SPDX-License-Identifier: MIT
// Whose page it is that somebody opens without saying so.
#pragma once

#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"
#include "renewal/journal/journal.hpp"
#include "wizard.hpp"

namespace koshin::ui {

/// The bank that the page is about. Where there are several, the one that has most to do with the tokens that
/// are plugged in (renewal/journal/calls.hpp), which are looked at for that; where none has, the one whose
/// certificate calls for something as the journal remembers it; else the first. Empty where there is one bank
/// without a name.
std::string bank_that_calls(const Deployment& deployment, const Occasion& occasion);
/// The same of tokens that were looked at; empty where no bank has anything to do with them.
std::string bank_that_calls(const Deployment& deployment, const messages::InspectResult& found,
                            renewal::Journal& journal, TimePoint now);
/// The same of what is remembered, the first to expire before others.
std::string bank_that_calls(const Deployment& deployment, const Occasion& occasion,
                            const std::vector<renewal::TokenMemory>& memories);

}  // namespace koshin::ui
