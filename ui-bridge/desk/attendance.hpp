// SPDX-License-Identifier: MIT
// Whether a person is at the window: idle time, its warning, and a window that was left.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>

#include "ui-bridge/wizard/model.hpp"

namespace koshin::ui {

class Attendance {
 public:
  /// What is asked of wizard and window, and what they are told; called from the context.
  struct Surroundings {
    std::function<bool()> job_runs;
    std::function<bool()> is_watched;
    /// The wizard ends in so many seconds unless the person does something; empty: it does not.
    std::function<void(std::optional<long> seconds_left)> warn;
    /// Outcome::idle, or Outcome::left.
    std::function<void(Outcome)> nobody_is_there;
  };

  /// `reload_time`: a reloaded page returns within it; a window that stays away longer was left.
  Attendance(boost::asio::io_context& context, std::chrono::milliseconds idle_timeout,
             Surroundings surroundings, std::chrono::milliseconds reload_time = std::chrono::seconds(20));

  /// Idle time counts from here.
  void window_is_open();
  void person_acted();
  /// While a job ran the person could only wait.
  void job_has_ended() { last_action_ = std::chrono::steady_clock::now(); }
  /// The window was closed, or is being reloaded.
  void window_is_away();
  /// Nothing is told any more.
  void stop();
  /// Whether a person has been there at all.
  bool was_seen() const { return seen_; }

 private:
  void watch_idleness();

  const std::chrono::milliseconds idle_timeout_, reload_time_;
  Surroundings surroundings_;
  boost::asio::steady_timer idle_timer_, away_timer_;
  std::chrono::steady_clock::time_point last_action_ = std::chrono::steady_clock::now();
  bool seen_ = false, stopped_ = false;
};

}  // namespace koshin::ui
