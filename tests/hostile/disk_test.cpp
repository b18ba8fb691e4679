// SPDX-License-Identifier: MIT
// A disk without room, in a mount namespace of the run's own.
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli_fixture.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::test {
namespace {

class FullDisk : public CliFixture {
 protected:
  /// Runs `koshin` in this process's copy, where the state folder is a file system of that size. Its exit
  /// code, or -1 where no file system can be mounted.
  int renew_with_state_of(const std::string& size) {
    const auto state = directory_.path() / "user/state";
    std::filesystem::create_directories(state);
    const pid_t child = ::fork();
    if (child == 0) {
      constexpr int cannot = 77;
      if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        ::_exit(cannot);
      const std::string options = "mode=0700,size=" + size;
      if (::mount("tmpfs", state.c_str(), "tmpfs", 0, options.c_str()) != 0) ::_exit(cannot);
      const RunResult result = koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n"));
      ::_exit(result.exit_code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 77 ? -1 : WEXITSTATUS(status);
  }
};

TEST_F(FullDisk, IsLaterAndNothingIsLost) {
  provision_certificate(12);
  const int enough = renew_with_state_of("8m");
  if (enough < 0) GTEST_SKIP() << "skipped: no file system can be mounted here";
  ASSERT_EQ(enough, 0);
  for (const char* const size : {"4k", "16k", "32k"})
    EXPECT_EQ(renew_with_state_of(size), info(Reason::disk_full).exit_code) << size;
  EXPECT_EQ(info(Reason::disk_full).retry, Retry::later);
  EXPECT_EQ(renew_with_state_of("8m"), 0);
}

}  // namespace
}  // namespace koshin::test
