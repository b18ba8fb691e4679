// SPDX-License-Identifier: MIT
// The pace of unattended renewals.
#include "resident/unattended.hpp"

#include <algorithm>
#include <utility>

#include "renewal/policy/decision.hpp"

namespace koshin::resident {

const UnattendedPace::Row* UnattendedPace::find(const renewal::TokenKey& token, std::string_view bank) const {
  const auto found = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const Row& row) { return row.token == token && row.bank == bank; });
  return found == rows_.end() ? nullptr : &*found;
}

UnattendedPace::Row* UnattendedPace::find(const renewal::TokenKey& token, std::string_view bank) {
  return const_cast<Row*>(std::as_const(*this).find(token, bank));
}

std::optional<TimePoint> UnattendedPace::next_try(const renewal::TokenKey& token,
                                                  std::string_view bank) const {
  if (running(token)) return {};
  const Row* row = find(token, bank);
  if (row == nullptr) return TimePoint{};
  if (row->blocked) return {};
  return row->not_before;
}

bool UnattendedPace::running(const renewal::TokenKey& token) const {
  return std::any_of(rows_.begin(), rows_.end(),
                     [&](const Row& row) { return row.token == token && row.running; });
}

void UnattendedPace::started(const renewal::TokenKey& token, std::string_view bank) {
  if (Row* row = find(token, bank)) {
    row->running = true;
  } else {
    rows_.push_back({.token = token, .bank = std::string(bank), .running = true});
  }
}

bool UnattendedPace::ended(const renewal::TokenKey& token, const std::optional<Failure>& failure,
                           TimePoint now, std::string_view bank) {
  Row* row = find(token, bank);
  if (row == nullptr) return false;
  row->running = false;
  const bool put_in_again = std::exchange(row->put_in_again, false);
  if (!failure) {
    row->failures = 0;
    row->not_before = now + after_success;
    return false;
  }
  if (put_in_again && renewal::reinsertion_may_heal(*failure)) {
    forget(token);
    return true;
  }
  row->blocked = failure->retry() != Retry::later;
  const auto pause = std::min(first_pause * (1 << std::min(row->failures, 8)), longest_pause);
  row->not_before = now + std::max(pause, failure->retry_after.value_or(pause));
  ++row->failures;
  return false;
}

void UnattendedPace::forget(const renewal::TokenKey& token) {
  for (Row& row : rows_)
    if (row.token == token) row.put_in_again = row.running;
  std::erase_if(rows_, [&](const Row& row) { return row.token == token && !row.running; });
}

void UnattendedPace::forget_failures() {
  std::erase_if(rows_, [](const Row& row) { return !row.running; });
}

}  // namespace koshin::resident
