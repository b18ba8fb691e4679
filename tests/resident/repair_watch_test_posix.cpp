// SPDX-License-Identifier: MIT
// A folder that could be watched, and no longer can be.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <vector>

#include "foundation/base/clock.hpp"
#include "foundation/system/handle.hpp"
#include "resident/repair_watch.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::resident {
namespace {

/// While it lives this process opens nothing more, and waits for up to so many descriptors.
class NothingMoreToOpen {
 public:
  static constexpr rlim_t numbers = 32;
  NothingMoreToOpen() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit low{numbers, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &low);
  }
  ~NothingMoreToOpen() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NothingMoreToOpen(const NothingMoreToOpen&) = delete;
  NothingMoreToOpen& operator=(const NothingMoreToOpen&) = delete;

 private:
  rlimit before_{};
};

TEST(RepairWatchLost, AFolderThatCanNoLongerBeWatchedIsLookedAtAgainAndAgain) {
#ifdef KOSHIN_ADDRESS_SANITIZER
  GTEST_SKIP() << "UndefinedBehaviorSanitizer looks at objects through a pipe of its own";
#endif
  const test::TemporaryDirectory directory;
  if (const auto why = FolderWatch(directory.path()).obstacle(); !why.empty()) GTEST_SKIP() << why;
  std::vector<Handle> low_numbers;
  while (low_numbers.size() < NothingMoreToOpen::numbers)
    low_numbers.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EventLoop loop;
  int looks = 0;
  bool late = false;
  Alarm limit(loop, [&](Alarm::Why why) { late = late || why == Alarm::Why::time; });
  limit.set(current_time() + std::chrono::seconds{50});
  const auto until = [&](int wanted) {
    while (looks < wanted && !late) loop.run_once();
    return looks >= wanted;
  };
  RepairWatch watch(
      loop, {directory.path()}, [&] { ++looks; }, [] { return false; }, std::chrono::seconds{1});
  ASSERT_TRUE(until(1)) << "the one at the beginning";
  std::ofstream(directory.path() / "50-bank.toml") << "line\n";
  const NothingMoreToOpen none;
  EXPECT_TRUE(until(2)) << "a file in it";
  EXPECT_TRUE(until(3)) << "nobody tells of the folder any more";
}

}  // namespace
}  // namespace koshin::resident
