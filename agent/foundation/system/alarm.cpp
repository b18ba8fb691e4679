// SPDX-License-Identifier: MIT
// What of the alarm is the same on every system: when it is armed anew, and what it tells when it rings.
#include "foundation/system/alarm.hpp"

#include <utility>

namespace koshin {
namespace {

constexpr std::chrono::seconds counts_as_sleep{1};

}  // namespace

void Alarm::set(std::optional<TimePoint> at) {
  if (at == at_) return;
  at_ = at;
  arm();
}

void Alarm::tell() {
  Why why = Why::time;
  if (std::exchange(jumped_, false)) {
    const auto asleep = asleep_();
    why = asleep - std::exchange(slept_, asleep) >= counts_as_sleep ? Why::woke : Why::clock_set;
  } else {
    at_.reset();
  }
  arm();
  ring_(why);
}

}  // namespace koshin
