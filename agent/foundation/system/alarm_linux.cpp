// SPDX-License-Identifier: MIT
// The alarm on a timerfd that the kernel cancels when the clock jumps or the machine resumes.
#include "foundation/system/alarm.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "foundation/base/clock.hpp"

namespace koshin {
namespace {

// An alarm must be set for its cancellation to be told; this one never rings.
constexpr std::chrono::years never{30};

}  // namespace

Alarm::Alarm(EventLoop& loop, std::function<void(Why)> ring, std::function<std::chrono::nanoseconds()> asleep)
    : ring_(std::move(ring)),
      asleep_(std::move(asleep)),
      timer_(::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK)),
      slept_(asleep_()) {
  if (!timer_) throw std::system_error(errno, std::generic_category(), "timerfd_create");
  watch_ = loop.on(timer_.get(), [this] { ready(); });
  arm();
}

void Alarm::arm() {
  const TimePoint now = current_time();
  const TimePoint at = at_.value_or(now + never);
  itimerspec when{};
  // Zero would disarm; anything in the past rings at once.
  when.it_value.tv_sec = std::max<std::int64_t>(1, at.time_since_epoch().count());
  const auto start = [&] {
    return ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, nullptr);
  };
  if (start() == 0 || errno != ECANCELED) return;
  // The kernel tells of a jump once, here or to read(): the timer then rings at once, and the loop tells.
  jumped_ = true;
  when.it_value.tv_sec = 1;
  start();
}

void Alarm::ready() {
  std::uint64_t rings = 0;
  if (::read(timer_.get(), &rings, sizeof rings) < 0) {
    if (errno != ECANCELED) return;
    jumped_ = true;
  }
  tell();
}

}  // namespace koshin
