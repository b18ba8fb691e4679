// SPDX-License-Identifier: MIT
// One alarm at a time of the calendar; it also tells when the clock was set and when the machine woke.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "foundation/base/calendar.hpp"
#include "foundation/system/event_loop.hpp"
#include "foundation/system/machine_clock.hpp"

namespace koshin {

class Alarm {
 public:
  enum class Why { time, clock_set, woke };
  /// `ring` is called in the loop, which outlives the alarm. `asleep`: how long this machine has been asleep
  /// since it was started.
  Alarm(EventLoop& loop, std::function<void(Why)> ring,
        std::function<std::chrono::nanoseconds()> asleep = time_asleep);
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  /// At that time of the system's clock, however it gets there: by waiting, sleeping or being set. Empty:
  /// none, but a set clock and a wake-up are told all the same.
  void set(std::optional<TimePoint> at);
  /// What its loop waits for: ready once it has rung, and until that is told or taken back.
  NativeHandle handle() const { return timer_.get(); }

 private:
  void ready();  ///< the timer rings, or the system tells of a jump
  void arm();
  void tell();

  std::function<void(Why)> ring_;
  std::function<std::chrono::nanoseconds()> asleep_;
  Handle timer_;
  std::optional<TimePoint> at_;
  std::chrono::nanoseconds slept_;  ///< asleep_ when last looked
  bool jumped_ = false;             ///< the clock was set, or the machine woke, and it was not told yet
  EventLoop::Watch watch_;
  std::shared_ptr<void> notices_;  ///< what tells of a jump where the timer itself does not
};

}  // namespace koshin
