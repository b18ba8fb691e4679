// SPDX-License-Identifier: MIT
// The loop, the alarm and the requests to stop, in one thread and from others.
#include "foundation/system/event_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>  // kill is not in <csignal>
#include <thread>

#include "foundation/base/clock.hpp"
#include "foundation/system/alarm.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/pipe.hpp"

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

TEST(EventLoopTest, AHandleThatTakesTheNumberOfAnotherIsNotReadyForIt) {
  EventLoop loop;
  const WakeUp one;
  Pipe other = Pipe::make(), next;
  other.writing.close();  // hung up: ready
  EventLoop::Watch first, second;
  int wrong = 0;
  const NativeHandle number = other.reading.get();
  const auto replace = [&] {
    one.clear();
    second.end();
    other.reading.close();
    next = Pipe::make();
    ASSERT_EQ(next.reading.get(), number);
    second = loop.on(next.reading.get(), [&] { ++wrong; });
  };
  first = loop.on(one.handle(), replace);
  second = loop.on(number, [] {});
  one.set_off();
  loop.run_once();
  EXPECT_EQ(wrong, 0);
}

TEST(EventLoopTest, AHandleThatHasHungUpIsReady) {
  EventLoop loop;
  Pipe pipe = Pipe::make();
  int calls = 0;
  const EventLoop::Watch watch = loop.on(pipe.reading.get(), [&] { ++calls; });
  pipe.writing.close();
  loop.run_once();
  EXPECT_EQ(calls, 1);
}

TEST(EventLoopTest, AHandleIsWatchedOnceAtATimeAndOpen) {
  EventLoop loop;
  Pipe pipe = Pipe::make();
  {
    const EventLoop::Watch watch = loop.on(pipe.reading.get(), [] {});
    EXPECT_THROW((void)loop.on(pipe.reading.get(), [] {}), std::system_error);
  }
  EXPECT_NO_THROW((void)loop.on(pipe.reading.get(), [] {}));
  const NativeHandle number = pipe.reading.get();
  pipe.reading.close();
  EXPECT_THROW((void)loop.on(number, [] {}), std::system_error);
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

TEST(AlarmTest, IsSetAnewAndTakenBack) {
  EventLoop loop;
  std::vector<Alarm::Why> rung;
  Alarm alarm(loop, [&](Alarm::Why why) { rung.push_back(why); });
  alarm.set(TimePoint{5s});
  ASSERT_TRUE(wait_until_readable(alarm.handle(), 60s)) << "it has rung, and nobody has heard";
  alarm.set(std::nullopt);
  loop.post([] {});
  loop.run_once();
  EXPECT_TRUE(rung.empty());
  const TimePoint at = current_time() + 2s;
  alarm.set(at + std::chrono::years{400});
  alarm.set(at);
  loop.run_once();
  EXPECT_THAT(rung, ElementsAre(Alarm::Why::time));
  EXPECT_GE(current_time(), at);
  EXPECT_LE(current_time(), at + 10s);
}

/// Of a process that waits for requests and for nothing else: here a thread of another test would take them.
std::vector<std::string> heard_by(const char* probe, const std::vector<int>& signals) {
  const auto child = ChildProcess::start(PROBE, {probe});
  std::vector<std::string> heard;
  const auto read = [&] {
    std::string line;
    const auto soon = std::chrono::steady_clock::now() + 60s;
    if (child->read_line(line, soon) == ChildProcess::Read::line) heard.push_back(line);
  };
  read();
  for (const int number : signals) {
    ::kill(static_cast<pid_t>(child->pid()), number);
    read();
  }
  return heard;
}

TEST(StopRequestsTest, AreTakenInPlaceOfEndingTheProcess) {
  EXPECT_THAT(heard_by("hears-requests", {SIGHUP, SIGTERM, SIGINT}),
              ElementsAre("none", "reload", "end", "end"));
}

TEST(StopRequestsTest, AreHeardWhereTheyWereIgnoredBefore) {
  EXPECT_THAT(heard_by("hears-ignored-requests", {SIGHUP}), ElementsAre("none", "reload"));
}

}  // namespace
}  // namespace koshin
