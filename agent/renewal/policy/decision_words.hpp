// SPDX-License-Identifier: MIT
// Decisions as text for the log, for notifications and for `koshin status`.
#pragma once

#include <optional>
#include <string_view>

#include "foundation/failures/failure.hpp"
#include "renewal/policy/decision.hpp"

namespace koshin::renewal {

/// The situation as a clause without a full stop.
std::string_view in_words(Decision decision, Language language);

/// The inverse of to_string(); empty for anything else.
std::optional<Decision> parse_decision(std::string_view text);

}  // namespace koshin::renewal
