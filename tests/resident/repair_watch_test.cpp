// SPDX-License-Identifier: MIT
// Wrong settings are looked at again when something changes, also where their folder is not there yet, or
// goes away and comes back.
#include "resident/repair_watch.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "foundation/base/clock.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::resident {
namespace {

namespace fs = std::filesystem;

class RepairWatchTest : public testing::Test {
 protected:
  /// Empty, or why nothing tells of changes: then a look a minute is all that there is.
  std::string obstacle() const { return FolderWatch(directory_.path()).obstacle(); }
  void begin() {
    watch_.emplace(loop_, std::vector{folder_}, [this] { ++looks_; });
    ASSERT_TRUE(look_comes()) << "the one at the beginning";
  }
  /// Runs the loop until there is a look, or for this long.
  bool look_comes(std::chrono::seconds limit = std::chrono::seconds{60}) {
    bool late = false;
    Alarm alarm(loop_, [&](Alarm::Why why) { late = late || why == Alarm::Why::time; });
    alarm.set(current_time() + limit);
    const int before = looks_;
    while (looks_ == before && !late) loop_.run_once();
    return looks_ != before;
  }
  /// False where the system keeps a folder as long as it is watched, as wine does: then nobody can make
  /// another one.
  bool remove_folder() const {
    fs::remove_all(folder_);
    std::error_code ignored;
    return !fs::exists(folder_, ignored);
  }
  static void write(const fs::path& file) { std::ofstream(file, std::ios::app) << "line\n"; }

  const test::TemporaryDirectory directory_;
  const fs::path above_ = directory_.path() / "koshin", folder_ = above_ / "conf.d";
  EventLoop loop_;
  int looks_ = 0;
  std::optional<RepairWatch> watch_;
};

TEST_F(RepairWatchTest, AFolderThatGoesAwayIsWatchedAgainOnceItIsBack) {
  if (const auto why = obstacle(); !why.empty()) GTEST_SKIP() << why;
  fs::create_directories(folder_);
  begin();
  if (!remove_folder()) GTEST_SKIP() << "this system keeps a folder as long as it is watched";
  EXPECT_TRUE(look_comes()) << "it went away";
  fs::create_directory(folder_);
  EXPECT_TRUE(look_comes()) << "it is back";
  write(folder_ / "50-bank.toml");
  EXPECT_TRUE(look_comes()) << "a file in it";
}

TEST_F(RepairWatchTest, AFolderThatIsNotThereIsWaitedForFromTheFolderAboveOn) {
  if (const auto why = obstacle(); !why.empty()) GTEST_SKIP() << why;
  begin();
  fs::create_directory(above_);
  EXPECT_TRUE(look_comes()) << "the folder above it";
  fs::create_directory(folder_);
  EXPECT_TRUE(look_comes()) << "the folder itself";
  write(folder_ / "50-bank.toml");
  EXPECT_TRUE(look_comes()) << "a file in it";
}

TEST_F(RepairWatchTest, WhatElseChangesInTheFolderAboveIsNoReasonToLook) {
  fs::create_directory(above_);
  begin();
  write(above_ / "other");
  EXPECT_FALSE(look_comes(RepairWatch::moment + std::chrono::seconds{2}));
}

/// Where a folder can be watched, the next look is an hour away.
TEST_F(RepairWatchTest, OnlyAFolderThatCannotBeWatchedIsLookedAtAgainAndAgain) {
  fs::create_directories(folder_);
  watch_.emplace(
      loop_, std::vector{folder_}, [this] { ++looks_; }, [] { return false; }, std::chrono::seconds{1});
  ASSERT_TRUE(look_comes()) << "the one at the beginning";
  const bool watched = obstacle().empty();
  EXPECT_NE(look_comes(std::chrono::seconds{watched ? 3 : 60}), watched);
  EXPECT_NE(look_comes(std::chrono::seconds{watched ? 3 : 60}), watched);
}

TEST_F(RepairWatchTest, AFolderThatHasGoneKeepsNoProcessorBusy) {
  if (const auto why = obstacle(); !why.empty()) GTEST_SKIP() << why;
  fs::create_directories(folder_);
  begin();
  if (!remove_folder()) GTEST_SKIP() << "this system keeps a folder as long as it is watched";
  ASSERT_TRUE(look_comes());
  int rounds = 0;
  bool over = false;
  Alarm alarm(loop_, [&](Alarm::Why why) { over = over || why == Alarm::Why::time; });
  alarm.set(current_time() + std::chrono::seconds{3});
  while (!over) {
    loop_.run_once();
    ++rounds;
  }
  EXPECT_LT(rounds, 100) << "what tells of the folder is ready again and again";
}

}  // namespace
}  // namespace koshin::resident
