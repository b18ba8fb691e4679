// SPDX-License-Identifier: MIT
// How soon an unattended renewal may be tried again after one that failed. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::resident {

class UnattendedPace {
 public:
  /// After a failure that time may heal: 10 minutes, doubling, at most a day, and never sooner than the
  /// authority asked for. Anything else waits until the token is put in again or the settings change.
  static constexpr std::chrono::seconds first_pause{600};
  static constexpr std::chrono::seconds longest_pause{86'400};
  /// Should a renewal say that it is complete and the token still look due, this keeps it from going round in
  /// circles.
  static constexpr std::chrono::seconds after_success{60};

  /// Empty when it must not be tried by itself; else the earliest time, which may be past.
  /// One bank's renewals of a token keep a pace of their own, and one at a time runs.
  std::optional<TimePoint> next_try(const renewal::TokenKey& token, std::string_view bank = {}) const;
  /// For whichever bank.
  bool running(const renewal::TokenKey& token) const;
  void started(const renewal::TokenKey& token, std::string_view bank = {});
  /// True when what stopped it is over already: the token was pulled, and put in again before the renewal had
  /// noticed.
  bool ended(const renewal::TokenKey& token, const std::optional<Failure>& failure, TimePoint now,
             std::string_view bank = {});
  /// The token was put in again. What is running goes on.
  void forget(const renewal::TokenKey& token);
  /// The settings changed. What is running stays known.
  void forget_failures();

 private:
  struct Row {
    renewal::TokenKey token;
    std::string bank;
    bool running = false, put_in_again = false, blocked = false;
    int failures = 0;
    TimePoint not_before{};
  };
  Row* find(const renewal::TokenKey& token, std::string_view bank);
  const Row* find(const renewal::TokenKey& token, std::string_view bank) const;
  std::vector<Row> rows_;
};

}  // namespace koshin::resident
