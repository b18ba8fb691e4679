// SPDX-License-Identifier: MIT
// Retry-After in seconds; libcurl parses the dates.
#include "enrollment/http/retry_after.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <string>

#include "foundation/base/text.hpp"

namespace koshin::enrollment {

std::optional<TimePoint> parse_http_date(std::string_view text) {
  // Every HTTP date begins with a day's name; libcurl would also accept "1 Jan" or a bare number.
  const std::string date(trimmed(text));
  if (date.size() < 20 || date.size() > 64 || date.find(':') == std::string::npos) return std::nullopt;
  if (date.front() < 'A' || date.front() > 'Z') return std::nullopt;
  const time_t seconds = curl_getdate(date.c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return TimePoint(std::chrono::seconds(seconds));
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, TimePoint now) {
  const std::string_view value = trimmed(text);
  if (value.empty()) return std::nullopt;
  std::chrono::seconds wait{0};
  if (std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
    // A number of more than ten digits exceeds the maximum.
    wait = value.size() > 10 ? max_retry_after : std::chrono::seconds(std::stoll(std::string(value)));
  } else if (const auto date = parse_http_date(value)) {
    wait = *date - now;
  } else {
    return std::nullopt;
  }
  return std::clamp(wait, min_retry_after, max_retry_after);
}

}  // namespace koshin::enrollment
