// SPDX-License-Identifier: MIT
// Whose page it is that somebody opens without saying so.
#pragma once

#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"
#include "renewal/journal/journal.hpp"
#include "wizard.hpp"

namespace koshin::ui {

/// Of several banks the one whose certificate calls for something, as the journal remembers it: the first to
/// expire; else the first bank. Empty where there is one bank without a name.
std::string bank_that_calls(const Deployment& deployment, const Occasion& occasion);
/// The same of what is remembered.
std::string bank_that_calls(const Deployment& deployment, const Occasion& occasion,
                            const std::vector<renewal::TokenMemory>& memories);

}  // namespace koshin::ui
