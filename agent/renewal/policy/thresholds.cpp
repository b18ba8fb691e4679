// SPDX-License-Identifier: MIT
// The thresholds, by calendar arithmetic in UTC.
#include "renewal/policy/thresholds.hpp"

#include <algorithm>
#include <chrono>

#include "renewal/policy/policy.hpp"

namespace koshin::renewal {

std::vector<Threshold> thresholds_of(TimePoint not_after, const Settings& settings) {
  const TimePoint due = due_from(not_after, settings.renewal);
  std::vector<Threshold> result;
  for (const CalendarDuration& before : settings.reminders.thresholds) {
    const TimePoint begins = subtract(not_after, before);
    if (begins > due) result.push_back({before.to_string(), begins});
  }
  std::ranges::sort(result, {}, &Threshold::begins);
  result.insert(result.begin(), Threshold{settings.renewal.window.to_string(), due});
  result.push_back({"expired", not_after + std::chrono::seconds{1}});
  return result;
}

std::size_t rank(const std::vector<Threshold>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Threshold::name);
  return found == all.end() ? 0 : static_cast<std::size_t>(found - all.begin()) + 1;
}

}  // namespace koshin::renewal
