// SPDX-License-Identifier: MIT
// Calendar durations ("P1M") and instants as text. All values are UTC; local time is for display only.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/base/language.hpp"

namespace koshin {

using TimePoint = std::chrono::sys_seconds;

/// An ISO 8601 duration that keeps its calendar components: one P1M before 31 March is 28 (29) February.
struct CalendarDuration {
  int years = 0, months = 0, days = 0;
  std::chrono::seconds time{0};
  /// Parses "P1M", "P2W", "P30D", "PT36H", "P1Y2M3DT4H5M6S"; empty for any other text, a negative duration or
  /// one of more than 100 years.
  static std::optional<CalendarDuration> parse(std::string_view text);
  std::string to_string() const;
  bool operator==(const CalendarDuration&) const = default;
};

/// Calendar arithmetic: keeps the day of the month where the target month has it, else takes the month's last
/// day; keeps the time of day.
TimePoint subtract(TimePoint from, const CalendarDuration& duration);
TimePoint add(TimePoint to, const CalendarDuration& duration);

/// "2026-11-22T22:23:31Z" (RFC 3339), and back.
std::string to_rfc3339(TimePoint time);
std::optional<TimePoint> parse_rfc3339(std::string_view text);
/// In the system's time zone, which is named, to the second, for columns: "2026-11-22 22:23:31 (UTC+09:00)" /
/// "2026年11月22日 22時23分31秒 (UTC+09:00)".
std::string to_local_text(TimePoint time, Language language);
/// The same as in a letter, for what is not read in columns: "5 December 2026, 22:23:31
/// (UTC+09:00)" / "2026年12月5日 22時23分31秒 (UTC+09:00)".
std::string to_local_words(TimePoint time, Language language);

/// "12 days left"; one day and less than one (0) have words of their own.
std::string days_left_in_words(long days, Language language);
/// "12 days ago"
std::string days_ago_in_words(long days, Language language);

}  // namespace koshin
