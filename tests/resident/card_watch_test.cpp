// SPDX-License-Identifier: MIT
// The card watch's thread: what it tells, and how it ends with a service that loses cancellations or hangs.
#include "resident/card_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>

namespace koshin::resident {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// A service that tells what it is given, and otherwise waits. It outlives the watch, as a test wants to see.
class FakeService {
 public:
  void tell(const std::string& reader, bool restarted = false) {
    const std::lock_guard lock(mutex_);
    snapshots_.push_back({{{.name = reader}}, restarted});
    changed_.notify_all();
  }
  std::optional<ReaderService::Snapshot> wait() {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !snapshots_.empty() || (cancellations_ > lost && !hangs); });
    if (snapshots_.empty()) return {};
    auto snapshot = std::move(snapshots_.front());
    snapshots_.pop_front();
    waiting_ = false;  // until whoever has it asks again
    return snapshot;
  }
  void cancel() {
    std::unique_lock lock(mutex_);
    ++cancellations_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !hangs; });
  }
  void go_on() {
    const std::lock_guard lock(mutex_);
    hangs = false;
    changed_.notify_all();
  }
  void until_waiting() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ && snapshots_.empty(); });
  }
  int cancellations() {
    const std::lock_guard lock(mutex_);
    return cancellations_;
  }

  int lost = 0;  ///< so many cancellations come too early
  bool hangs = false;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<ReaderService::Snapshot> snapshots_;
  bool waiting_ = false;
  int cancellations_ = 0;
};

class Borrowed final : public ReaderService {
 public:
  explicit Borrowed(std::shared_ptr<FakeService> service) : service_(std::move(service)) {}
  std::optional<Snapshot> wait() override { return service_->wait(); }
  void cancel() override { service_->cancel(); }

 private:
  std::shared_ptr<FakeService> service_;
};

class CardWatchTest : public testing::Test {
 protected:
  void watch() {
    watch_.emplace(loop_, std::make_unique<Borrowed>(service_),
                   [this](const ReaderService::Snapshot& snapshot) {
                     std::string line = snapshot.restarted ? "restarted" : "";
                     for (const ReaderState& reader : snapshot.readers) line += " " + reader.name;
                     told_.push_back(line);
                   });
  }
  EventLoop loop_;
  std::shared_ptr<FakeService> service_ = std::make_shared<FakeService>();
  std::optional<CardWatch> watch_;
  std::vector<std::string> told_;
};

TEST_F(CardWatchTest, WhatTheServiceTellsArrivesInTheLoop) {
  service_->tell("A");
  watch();
  loop_.run_once();
  service_->tell("B", true);
  loop_.run_once();
  EXPECT_THAT(told_, ElementsAre(" A", "restarted B"));
}

TEST_F(CardWatchTest, ABusyLoopHearsOnceHowThingsStandByThen) {
  service_->tell("A", true);
  service_->tell("B");
  service_->tell("C");
  watch();
  service_->until_waiting();
  loop_.run_once();
  EXPECT_THAT(told_, ElementsAre("restarted C"));
}

TEST_F(CardWatchTest, ACancellationThatComesTooEarlyIsRepeated) {
  service_->lost = 3;
  watch();
  service_->until_waiting();
  watch_.reset();
  EXPECT_EQ(service_->cancellations(), 4);
}

TEST_F(CardWatchTest, AServiceThatHangsKeepsNobodyFromEndingAndTellsNobodyAnyMore) {
  service_->hangs = true;
  watch();
  service_->until_waiting();
  const auto begin = std::chrono::steady_clock::now();
  watch_.reset();
  EXPECT_GE(std::chrono::steady_clock::now() - begin, CardWatch::longest_end);
  service_->tell("A");
  service_->go_on();
  loop_.post([] {});
  loop_.run_once();
  EXPECT_THAT(told_, ElementsAre());
}

TEST_F(CardWatchTest, WhatWasPostedBeforeTheEndIsNotToldAfterIt) {
  service_->tell("A");
  watch();
  service_->until_waiting();
  watch_.reset();
  loop_.post([] {});
  loop_.run_once();
  EXPECT_THAT(told_, ElementsAre());
}

}  // namespace
}  // namespace koshin::resident
