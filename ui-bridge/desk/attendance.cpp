// SPDX-License-Identifier: MIT
#include "attendance.hpp"

#include <algorithm>
#include <utility>

namespace koshin::ui {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds longest_warning = seconds(60);

}  // namespace

Attendance::Attendance(boost::asio::io_context& context, milliseconds idle_timeout, Surroundings surroundings,
                       milliseconds reload_time)
    : idle_timeout_(idle_timeout),
      reload_time_(reload_time),
      surroundings_(std::move(surroundings)),
      idle_timer_(context),
      away_timer_(context) {}

void Attendance::window_is_open() {
  last_action_ = steady_clock::now();
  watch_idleness();
}

void Attendance::person_acted() {
  seen_ = true;
  last_action_ = steady_clock::now();
  away_timer_.cancel();
  surroundings_.warn(std::nullopt);
}

void Attendance::watch_idleness() {
  if (stopped_) return;
  const milliseconds warning = std::min(longest_warning, idle_timeout_ / 2);
  const auto idle = steady_clock::now() - last_action_;
  milliseconds next = idle_timeout_ - warning;
  if (surroundings_.job_runs()) {
    last_action_ = steady_clock::now();
  } else if (idle >= idle_timeout_) {
    return surroundings_.nobody_is_there(Outcome::idle);
  } else if (idle >= next) {
    surroundings_.warn(std::chrono::duration_cast<seconds>(warning).count());
    next = idle_timeout_;
  }
  idle_timer_.expires_at(last_action_ + next);
  idle_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) watch_idleness();
  });
}

void Attendance::window_is_away() {
  if (stopped_ || !seen_) return;
  away_timer_.expires_after(reload_time_);
  away_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || stopped_ || surroundings_.is_watched()) return;
    // A renewal continues without its window; its end is the reason to look again.
    if (!surroundings_.job_runs()) surroundings_.nobody_is_there(Outcome::left);
  });
}

void Attendance::stop() {
  stopped_ = true;
  idle_timer_.cancel();
  away_timer_.cancel();
}

}  // namespace koshin::ui
