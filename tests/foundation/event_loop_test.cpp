// SPDX-License-Identifier: MIT
// The loop, the alarm and the requests to stop, in one thread and from others.
#include "foundation/system/event_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>  // pthread_sigmask is not in <csignal>
#include <thread>

#include "foundation/system/alarm.hpp"
#include "foundation/system/pipe.hpp"
#include "foundation/system/stop_requests.hpp"

namespace koshin {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(EventLoopTest, WhatOtherThreadsPostRunsInOrderInThisOne) {
  EventLoop loop;
  std::vector<int> order;
  std::thread([&] {
    for (int i = 0; i < 3; ++i) loop.post([&order, i] { order.push_back(i); });
  }).join();
  loop.run_once();
  EXPECT_THAT(order, ElementsAre(0, 1, 2));
}

TEST(EventLoopTest, AHandleIsWatchedUntilItsWatchEnds) {
  EventLoop loop;
  const WakeUp wake;
  int calls = 0;
  EventLoop::Watch watch = loop.on(wake.handle(), [&] { ++calls; });
  wake.set_off();
  loop.run_once();
  loop.run_once();
  EXPECT_EQ(calls, 2) << "nobody has cleared it";
  wake.clear();
  loop.post([] {});
  loop.run_once();
  EXPECT_EQ(calls, 2);
  wake.set_off();
  watch.end();
  loop.post([] {});
  loop.run_once();
  EXPECT_EQ(calls, 2);
}

TEST(EventLoopTest, AWatchMayEndInItsOwnCallAndInThatOfAnother) {
  EventLoop loop;
  const WakeUp one, other;
  int calls = 0;
  EventLoop::Watch first, second;
  const auto end_both = [&] {
    ++calls;
    first.end();
    second.end();
  };
  first = loop.on(one.handle(), end_both);
  second = loop.on(other.handle(), end_both);
  one.set_off();
  other.set_off();
  loop.run_once();
  EXPECT_EQ(calls, 1);
}

TEST(EventLoopTest, RunsUntilItIsStoppedAndSaysWhenItWaits) {
  EventLoop loop;
  int waits = 0;
  loop.post([&] { loop.post([&] { loop.stop(); }); });
  loop.run([&] { ++waits; });
  EXPECT_EQ(waits, 2);
  loop.run([&] { loop.stop(); });
}

TEST(AlarmTest, RingsAtItsTimeAndForATimeInThePastAtOnce) {
  EventLoop loop;
  std::vector<Alarm::Why> rung;
  Alarm alarm(loop, [&](Alarm::Why why) { rung.push_back(why); });
  alarm.set(TimePoint{5s});
  loop.run_once();
  EXPECT_THAT(rung, ElementsAre(Alarm::Why::time));
  loop.post([] {});
  loop.run_once();
  EXPECT_EQ(rung.size(), 1U) << "an alarm rings once";
}

/// This thread's signals as they are now, for the tests that come after.
class SignalsAsBefore {
 public:
  SignalsAsBefore() { pthread_sigmask(SIG_SETMASK, nullptr, &before_); }
  ~SignalsAsBefore() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsAsBefore(const SignalsAsBefore&) = delete;
  SignalsAsBefore& operator=(const SignalsAsBefore&) = delete;

 private:
  sigset_t before_{};
};

TEST(StopRequestsTest, AreTakenInPlaceOfEndingTheProcess) {
  const SignalsAsBefore afterwards;
  EventLoop loop;
  const StopRequests requests;
  EXPECT_FALSE(requests.take());
  std::vector<StopRequests::Request> taken;
  const EventLoop::Watch watch = loop.on(requests.handle(), [&] {
    while (const auto request = requests.take()) taken.push_back(*request);
  });
  ASSERT_EQ(::raise(SIGHUP), 0);
  loop.run_once();
  ASSERT_EQ(::raise(SIGTERM), 0);
  loop.run_once();
  EXPECT_THAT(taken, ElementsAre(StopRequests::Request::reload, StopRequests::Request::end));
  ASSERT_EQ(::raise(SIGINT), 0);
  EXPECT_EQ(requests.wait(), StopRequests::Request::end);
}

}  // namespace
}  // namespace koshin
