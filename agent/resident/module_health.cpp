// SPDX-License-Identifier: MIT
// Pauses for modules that fail, and the order in which modules are asked.
#include "resident/module_health.hpp"

#include <algorithm>

namespace koshin::resident {

std::optional<TimePoint> ModuleHealth::rests_until(const std::string& module, TimePoint now) const {
  const auto row = rows_.find(module);
  if (row == rows_.end() || row->second.again <= now) return {};
  // A clock that was set back must not turn minutes into years.
  if (row->second.again - now > longest_pause) return {};
  return row->second.again;
}

bool ModuleHealth::usable(const std::string& module, TimePoint now) const {
  return !rests_until(module, now).has_value();
}

bool ModuleHealth::failed(const std::string& module, const Failure& failure, TimePoint now) {
  Row& row = rows_[module];
  const int doublings = std::min(row.failures, 7);
  const auto pause = std::min(first_pause * (1 << doublings), longest_pause);
  row.again = now + std::max(pause, std::min(failure.retry_after.value_or(pause), longest_pause));
  return ++row.failures == 1;
}

bool ModuleHealth::succeeded(const std::string& module) {
  return rows_.erase(module) != 0;
}

void ModuleHealth::forget() {
  rows_.clear();
}

std::vector<std::string> order_of_trial(const std::vector<std::string>& configured,
                                        const std::vector<renewal::TokenMemory>& memories) {
  const auto last_owned = [&](const std::string& module) {
    TimePoint latest{};
    for (const auto& memory : memories) {
      if (memory.module == module && memory.last_seen) latest = std::max(latest, *memory.last_seen);
    }
    return latest;
  };
  std::vector<std::string> order = configured;
  const auto favourite = std::max_element(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    return last_owned(a) < last_owned(b);
  });
  if (favourite != order.end()) std::rotate(order.begin(), favourite, favourite + 1);
  return order;
}

}  // namespace koshin::resident
