// SPDX-License-Identifier: MIT
// Decisions in words: for the log, for notices and for `koshin status`.
#pragma once

#include <optional>
#include <string_view>

#include "foundation/failures/failure.hpp"
#include "renewal/policy/decision.hpp"

namespace koshin::renewal {

/// What is the matter, as half a sentence without a full stop.
std::string_view in_words(Decision decision, Language language);

/// The inverse of to_string(); empty for anything else.
std::optional<Decision> parse_decision(std::string_view text);

}  // namespace koshin::renewal
