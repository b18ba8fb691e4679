// SPDX-License-Identifier: MIT
// One alarm at a time of the calendar; it also tells when the clock was set and when the machine woke.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "foundation/base/calendar.hpp"
#include "foundation/system/child_spawn_linux.hpp"
#include "resident/wakeups_linux.hpp"

namespace koshin::resident {

class Alarm {
 public:
  enum class Why { time, clock_set, woke };
  /// `time_asleep`: how long this machine has been asleep since it was started.
  Alarm(Wakeups& wakeups, std::function<void(Why)> ring,
        std::function<std::chrono::nanoseconds()> time_asleep = kernel_time_asleep);
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  /// At that time of the system's clock, however it gets there: by waiting, sleeping or being set. Empty:
  /// none, but a set clock and a wake-up are told all the same.
  void set(std::optional<TimePoint> at);

 private:
  static std::chrono::nanoseconds kernel_time_asleep();
  void ready();
  void arm();

  Wakeups& wakeups_;
  std::function<void(Why)> ring_;
  std::function<std::chrono::nanoseconds()> time_asleep_;
  Descriptor timer_;
  std::optional<TimePoint> at_;
  std::chrono::nanoseconds slept_;  ///< time_asleep_ when last looked
};

}  // namespace koshin::resident
