// SPDX-License-Identifier: MIT
// The alarm's thread notices that the clock was set, whenever it looks.
#include <gmock/gmock.h>

#include <atomic>

#include "foundation/base/clock.hpp"
#include "foundation/system/alarm.hpp"

namespace {

// How far the system's clock was set.
std::atomic<std::chrono::seconds> shift{};

}  // namespace

// By the name that std::chrono::system_clock::now() has for the linker.
std::chrono::system_clock::time_point real_now() __asm__("__real__ZNSt6chrono3_V212system_clock3nowEv");
std::chrono::system_clock::time_point shifted_now() __asm__("__wrap__ZNSt6chrono3_V212system_clock3nowEv");
std::chrono::system_clock::time_point shifted_now() {
  return real_now() + shift.load();
}

namespace koshin {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(AlarmTest, TellsThatTheClockWasSetAndThenThatItsTimeHasCome) {
  EventLoop loop;
  std::vector<Alarm::Why> rung;
  Alarm alarm(loop, [&](Alarm::Why why) { rung.push_back(why); });
  const TimePoint at = current_time() + 1h;
  alarm.set(at);
  shift = 2h;
  alarm.set(at + 1s);  // its thread looks at once
  loop.run_once();
  EXPECT_THAT(rung, ElementsAre(Alarm::Why::clock_set));
  loop.run_once();
  EXPECT_THAT(rung, ElementsAre(Alarm::Why::clock_set, Alarm::Why::time));
  shift = -2h;
  alarm.set(at);
  loop.run_once();
  EXPECT_EQ(rung.back(), Alarm::Why::clock_set);
  EXPECT_EQ(rung.size(), 3U);
  loop.post([] {});
  loop.run_once();
  EXPECT_EQ(rung.size(), 3U) << "its time has not come";
  shift = 0s;
}

}  // namespace
}  // namespace koshin
