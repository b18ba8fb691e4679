// SPDX-License-Identifier: MIT
// However a worker ends, its guard ends in the same way, and what the worker has started ends with it.
#include <gtest/gtest.h>
#include <signal.h>

#include "foundation/process_ends.hpp"
#include "foundation/system/child_process.hpp"

namespace koshin::test {
namespace {

class Guard : public testing::Test {
 protected:
  void start(const char* how) {
    child = ChildProcess::start(GUARD_PROBE, {how}, {.whole_tree = true});
    std::string line;
    ASSERT_EQ(child->read_line(line, soon()), ChildProcess::Read::line);
    worker = std::stol(line);
    ASSERT_EQ(child->read_line(line, soon()), ChildProcess::Read::line);
    left = std::stol(line);
  }
  ExitStatus end() const { return child->wait_until(soon()).value_or(ExitStatus{true, SIGALRM}); }
  static std::chrono::steady_clock::time_point soon() {
    return std::chrono::steady_clock::now() + std::chrono::minutes(1);
  }

  std::unique_ptr<ChildProcess> child;
  long worker = -1, left = -1;
};

TEST_F(Guard, HasTheExitCodeOfAWorkerThatEnds) {
  for (const char* const how : {"ends", "exits"}) {
    start(how);
    EXPECT_NE(child->pid(), worker);
    const ExitStatus status = end();
    EXPECT_FALSE(status.crashed) << how;
    EXPECT_EQ(status.code, 5) << how;
    EXPECT_TRUE(ends(left)) << how;
  }
}

TEST_F(Guard, EndsByTheSignalOfAWorkerThatCrashed) {
  start("crashes");
  const ExitStatus status = end();
  EXPECT_TRUE(status.crashed);
  EXPECT_EQ(status.code, SIGSEGV);
  EXPECT_TRUE(ends(left));
}

TEST_F(Guard, EndsAsAfterACrashWhenAModuleHasEndedTheWorker) {
  start("exits inside");
  const ExitStatus status = end();
  EXPECT_TRUE(status.crashed);
  EXPECT_EQ(status.code, SIGABRT);
  EXPECT_TRUE(ends(left));
}

TEST_F(Guard, TakesTheWorkerAlongWhenItIsEnded) {
  start("hangs");
  child->kill();
  EXPECT_TRUE(end().crashed);
  EXPECT_TRUE(ends(worker));
  EXPECT_TRUE(ends(left));
}

TEST_F(Guard, TakesTheWorkerAlongWhenItAloneIsEnded) {
  start("hangs");
  ::kill(static_cast<pid_t>(child->pid()), SIGKILL);
  EXPECT_TRUE(ends(worker));
  EXPECT_TRUE(ends(left));
}

}  // namespace
}  // namespace koshin::test
