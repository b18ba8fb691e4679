// SPDX-License-Identifier: MIT
// Waiting for a certificate to appear in the system's store.
#include "ui-bridge/desk/store_watch.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <future>
#include <stdexcept>

namespace koshin::ui {
namespace {

using std::chrono::milliseconds;
using Store = std::vector<StoredCertificate>;

/// Longer than a busy machine lets a thread wait for its turn: what a test waits for is what it is told.
constexpr milliseconds patience(60'000);
constexpr StoreWatch::Times patient{.longest = patience,
                                    .between_looks = milliseconds(5),
                                    .reading_hangs = patience,
                                    .longest_later = patience,
                                    .between_later_looks = milliseconds(5)};
constexpr StoreWatch::Times soon_over = [] {
  StoreWatch::Times times = patient;
  times.longest = milliseconds(20);
  return times;
}();
constexpr StoreWatch::Times soon_hanging = [] {
  StoreWatch::Times times = soon_over;
  times.reading_hangs = milliseconds(20);
  return times;
}();

Store with(std::string sha256, bool has_key = true) {
  StoredCertificate one;
  one.has_key = has_key;
  one.sha256 = std::move(sha256);
  return {one};
}

class StoreWatchTest : public testing::Test {
 protected:
  /// Until so much was told of what the store has, which is read by `read`.
  void watch(StoreWatch::Read read, const StoreWatch::Times& times, int tellings = 1) {
    StoreWatch watch(context_, std::move(read), times);
    look_by(watch);
    until([&] { return told_ == tellings; });
  }
  void look_by(StoreWatch& watch) {
    watch.look({.sha256 = "new", .old_sha256 = "old", .subject = {}, .issuer = {}},
               [this](const auto& found) {
                 ++told_;
                 found_ = found;
               });
  }
  void until(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!holds() && std::chrono::steady_clock::now() < end) {
      context_.restart();
      context_.run_one_for(milliseconds(5));
    }
    EXPECT_TRUE(holds());
  }

  boost::asio::io_context context_;
  std::atomic<int> told_ = 0;  // the store is read in another thread
  std::optional<renewal::StoreFinding> found_;
};

TEST_F(StoreWatchTest, ACertificateThatComesLateIsWaitedFor) {
  auto looks = std::make_shared<std::atomic<int>>(0);
  watch([looks] { return ++*looks < 5 ? with("old") : with("new"); }, patient);
  EXPECT_EQ(told_, 1);
  ASSERT_TRUE(found_);
  EXPECT_TRUE(found_->has_it);
  EXPECT_EQ(looks->load(), 5) << "and nobody looks once it is there";
}

TEST_F(StoreWatchTest, WhenTheTimeIsOverWhatIsThereIsTold) {
  watch([] { return with("other"); }, soon_over);
  EXPECT_EQ(told_, 1);
  ASSERT_TRUE(found_);
  EXPECT_FALSE(found_->has_it);
}

TEST_F(StoreWatchTest, ACertificateThatComesWithoutItsKeyIsWaitedForAsOneThatIsNotThere) {
  auto looks = std::make_shared<std::atomic<int>>(0);
  watch([looks] { return with("new", ++*looks >= 5); }, patient);
  EXPECT_EQ(told_, 1);
  ASSERT_TRUE(found_);
  EXPECT_TRUE(found_->can_be_offered());
  EXPECT_EQ(looks->load(), 5);
}

TEST_F(StoreWatchTest, WhatComesAfterTheAnswerIsToldOnceMore) {
  watch([this] { return told_ > 0 ? with("new") : with("other"); }, soon_over, 2);
  EXPECT_EQ(told_, 2);
  ASSERT_TRUE(found_);
  EXPECT_TRUE(found_->can_be_offered());
}

TEST_F(StoreWatchTest, AStoreThatCannotBeReadLaterChangesNothingOfTheAnswer) {
  std::atomic<bool> thrown = false;
  StoreWatch watch(
      context_,
      [&]() -> Store {
        if (told_ == 0) return with("other");
        thrown = true;
        throw std::runtime_error("gone");
      },
      soon_over);
  look_by(watch);
  until([&] { return thrown.load(); });
  context_.run_for(milliseconds(50));
  EXPECT_EQ(told_, 1);
  ASSERT_TRUE(found_);
  EXPECT_FALSE(found_->has_it);
}

TEST_F(StoreWatchTest, OfAStoreThatCannotBeReadNothingIsClaimed) {
  watch([]() -> Store { throw std::runtime_error("the provider has failed"); }, patient);
  EXPECT_EQ(told_, 1);
  EXPECT_FALSE(found_);
}

TEST_F(StoreWatchTest, AReadingThatHangsIsGivenUpAndItsLateAnswerIsDropped) {
  auto let_go = std::make_shared<std::promise<void>>();
  const auto hanging = let_go->get_future().share();
  StoreWatch watch(
      context_,
      [hanging] {
        hanging.wait();
        return with("new");
      },
      soon_hanging);
  look_by(watch);
  until([this] { return told_ == 1; });
  EXPECT_FALSE(found_);
  let_go->set_value();
  context_.restart();
  context_.run_for(milliseconds(100));
  EXPECT_EQ(told_, 1);
}

TEST_F(StoreWatchTest, WhoeverLeavesMeanwhileIsToldNothingAndDoesNotWait) {
  auto let_go = std::make_shared<std::promise<void>>();
  const auto hanging = let_go->get_future().share();
  {
    StoreWatch watch(
        context_,
        [hanging] {
          hanging.wait();
          return with("new");
        },
        patient);
    look_by(watch);
  }
  let_go->set_value();
  context_.run_for(milliseconds(100));
  EXPECT_EQ(told_, 0);
}

}  // namespace
}  // namespace koshin::ui
