// SPDX-License-Identifier: MIT
// Retry-After (RFC 9110 section 10.2.3): seconds or an HTTP date, limited to a reasonable wait.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "foundation/base/calendar.hpp"
#include "foundation/base/clock.hpp"

namespace koshin::enrollment {

inline constexpr std::chrono::seconds min_retry_after{1};
inline constexpr std::chrono::seconds max_retry_after = longest_retry_after;

/// `now`: the reference for an HTTP date, the Date of the answer if it has one. The result is within
/// [min_retry_after, max_retry_after]; empty when the text has neither form.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, TimePoint now);
/// An HTTP date in any of its three forms; empty for other text.
std::optional<TimePoint> parse_http_date(std::string_view text);

}  // namespace koshin::enrollment
