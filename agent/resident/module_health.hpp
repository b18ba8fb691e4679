// SPDX-License-Identifier: MIT
// Which modules are worth asking, and in which order: a module that crashes or hangs is left alone for a
// while. Pure.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::resident {

class ModuleHealth {
 public:
  /// 30 s after the first failure in a row, doubling, at most an hour.
  static constexpr std::chrono::seconds first_pause{30};
  static constexpr std::chrono::seconds longest_pause{3600};

  bool usable(const std::string& module, TimePoint now) const;
  /// When a module that rests may be asked again; empty when it may be now.
  std::optional<TimePoint> rests_until(const std::string& module, TimePoint now) const;
  /// True when the person should be told: at the first failure of a row.
  bool failed(const std::string& module, const Failure& failure, TimePoint now);
  /// True when it had failed before.
  bool succeeded(const std::string& module);
  /// A new settings file, or an administrator's request: everything may be asked again.
  void forget();

 private:
  struct Row {
    int failures = 0;
    TimePoint again{};
  };
  std::map<std::string, Row> rows_;
};

/// The configured modules; the one that owned a token most recently comes first, the others in their
/// configured order.
std::vector<std::string> order_of_trial(const std::vector<std::string>& configured,
                                        const std::vector<renewal::TokenMemory>& memories);

}  // namespace koshin::resident
