// SPDX-License-Identifier: MIT
// Waiting for a certificate to appear in the system's store.
#include "ui-bridge/desk/store_watch.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <future>
#include <stdexcept>

namespace koshin::ui {
namespace {

using std::chrono::milliseconds;
using Store = std::vector<StoredCertificate>;

constexpr StoreWatch::Times quick{.longest = milliseconds(300),
                                  .between_looks = milliseconds(5),
                                  .reading_hangs = milliseconds(200),
                                  .longest_later = milliseconds(500),
                                  .between_later_looks = milliseconds(5)};

Store with(std::string sha256, bool has_key = true) {
  StoredCertificate one;
  one.has_key = has_key;
  one.sha256 = std::move(sha256);
  return {one};
}

class StoreWatchTest : public testing::Test {
 protected:
  /// What is told, how many times, when the store is read by `read`.
  void watch(StoreWatch::Read read) {
    StoreWatch watch(context_, std::move(read), quick);
    watch.look({.sha256 = "new", .old_sha256 = "old", .subject = {}, .issuer = {}},
               [this](const auto& found) {
                 ++told_;
                 found_ = found;
               });
    context_.run_for(milliseconds(2000));
  }

  boost::asio::io_context context_;
  int told_ = 0;
  std::optional<renewal::StoreFinding> found_;
};

TEST_F(StoreWatchTest, ACertificateThatComesLateIsWaitedFor) {
  auto looks = std::make_shared<std::atomic<int>>(0);
  watch([looks] { return ++*looks < 5 ? with("old") : with("new"); });
  EXPECT_EQ(told_, 1);
  ASSERT_TRUE(found_);
  EXPECT_TRUE(found_->has_it);
  EXPECT_EQ(looks->load(), 5) << "and nobody looks once it is there";
}

TEST_F(StoreWatchTest, WhenTheTimeIsOverWhatIsThereIsTold) {
  watch([] { return with("other"); });
  EXPECT_EQ(told_, 1);
  ASSERT_TRUE(found_);
  EXPECT_FALSE(found_->has_it);
}

TEST_F(StoreWatchTest, ACertificateThatComesWithoutItsKeyIsWaitedForAsOneThatIsNotThere) {
  auto looks = std::make_shared<std::atomic<int>>(0);
  watch([looks] { return with("new", ++*looks >= 5); });
  EXPECT_EQ(told_, 1);
  ASSERT_TRUE(found_);
  EXPECT_TRUE(found_->can_be_offered());
  EXPECT_EQ(looks->load(), 5);
}

TEST_F(StoreWatchTest, WhatComesAfterTheAnswerIsToldOnceMore) {
  const auto begun = std::chrono::steady_clock::now();
  watch([begun] {
    const bool late = std::chrono::steady_clock::now() - begun > milliseconds(400);
    return late ? with("new") : with("other");
  });
  EXPECT_EQ(told_, 2);
  ASSERT_TRUE(found_);
  EXPECT_TRUE(found_->can_be_offered());
}

TEST_F(StoreWatchTest, AStoreThatCannotBeReadLaterChangesNothingOfTheAnswer) {
  const auto begun = std::chrono::steady_clock::now();
  watch([begun]() -> Store {
    if (std::chrono::steady_clock::now() - begun > milliseconds(400)) throw std::runtime_error("gone");
    return with("other");
  });
  EXPECT_EQ(told_, 1);
  ASSERT_TRUE(found_);
  EXPECT_FALSE(found_->has_it);
}

TEST_F(StoreWatchTest, OfAStoreThatCannotBeReadNothingIsClaimed) {
  watch([]() -> Store { throw std::runtime_error("the provider has failed"); });
  EXPECT_EQ(told_, 1);
  EXPECT_FALSE(found_);
}

TEST_F(StoreWatchTest, AReadingThatHangsIsGivenUpAndItsLateAnswerIsDropped) {
  auto let_go = std::make_shared<std::promise<void>>();
  const auto until = let_go->get_future().share();
  StoreWatch watch(
      context_,
      [until] {
        until.wait();
        return with("new");
      },
      quick);
  watch.look({.sha256 = "new", .old_sha256 = {}, .subject = {}, .issuer = {}}, [this](const auto& found) {
    ++told_;
    found_ = found;
  });
  context_.run_for(milliseconds(700));
  EXPECT_EQ(told_, 1);
  EXPECT_FALSE(found_);
  let_go->set_value();
  context_.restart();
  context_.run_for(milliseconds(100));
  EXPECT_EQ(told_, 1);
}

TEST_F(StoreWatchTest, WhoeverLeavesMeanwhileIsToldNothingAndDoesNotWait) {
  auto let_go = std::make_shared<std::promise<void>>();
  const auto until = let_go->get_future().share();
  {
    StoreWatch watch(
        context_,
        [until] {
          until.wait();
          return with("new");
        },
        quick);
    watch.look({.sha256 = "new", .old_sha256 = {}, .subject = {}, .issuer = {}},
               [this](const auto&) { ++told_; });
  }
  let_go->set_value();
  context_.run_for(milliseconds(100));
  EXPECT_EQ(told_, 0);
}

}  // namespace
}  // namespace koshin::ui
