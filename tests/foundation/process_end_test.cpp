// SPDX-License-Identifier: MIT
// The end of a child is told, and the child left to whoever has started it.
#include "foundation/system/process_end_posix.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <system_error>

#include "foundation/system/handle_io.hpp"

namespace koshin {
namespace {

using namespace std::chrono_literals;

pid_t start_sleeper() {
  const pid_t child = ::fork();
  if (child == 0) {
    while (true) ::pause();
  }
  return child;
}

TEST(ProcessEnd, IsToldAndTheChildStaysToBeReaped) {
  const pid_t child = start_sleeper();
  const Handle end = watch_process_end(child);
  EXPECT_NE(::fcntl(end.get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_FALSE(wait_until_readable(end.get(), 50ms));
  send_signal(end, child, SIGTERM);
  EXPECT_TRUE(wait_until_readable(end.get(), 60s));
  EXPECT_TRUE(wait_until_readable(end.get(), 0s)) << "it stays so";
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, WNOHANG), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

TEST(ProcessEnd, IsToldOfOneThatHasEndedBefore) {
  const pid_t child = start_sleeper();
  ::kill(child, SIGKILL);
  siginfo_t ended{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
  const Handle end = watch_process_end(child);
  EXPECT_TRUE(wait_until_readable(end.get(), 60s));
  EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), child);
}

TEST(ProcessEnd, IsToldOfOneThatSomebodyElseHasReaped) {
  const pid_t child = start_sleeper();
  const Handle end = watch_process_end(child);
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(wait_until_readable(end.get(), 60s));
}

}  // namespace
}  // namespace koshin
