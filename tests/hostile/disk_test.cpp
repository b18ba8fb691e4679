// SPDX-License-Identifier: MIT
// A disk without room, in a mount namespace of the run's own.
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>

#include "cli/cli_fixture.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::test {
namespace {

class FullDisk : public CliFixture {
 protected:
  /// Does something in a copy of this process, where the state folder is a new file system of that size. What
  /// it gave, or why no file system can be mounted.
  template <typename Work>
  int with_state_of(const std::string& size, const Work& work) {
    const auto state = directory_.path() / "user/state";
    std::filesystem::create_directories(state);
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string options = "mode=0700,size=" + size;
      if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
          ::mount("tmpfs", state.c_str(), "tmpfs", 0, options.c_str()) != 0)
        ::_exit(errno == EPERM || errno == EACCES || errno == ENOSYS ? refused : broken);
      ::_exit(work());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : broken;
  }
  int renew_with_state_of(const std::string& size) {
    return with_state_of(size, [&] {
      const RunResult result = koshin({"renew", "--pin-stdin"}, right_pin + std::string("\n"));
      std::fputs(result.err.c_str(), stderr);
      return result.exit_code;
    });
  }

  static constexpr int refused = 250, broken = 251;
};

TEST_F(FullDisk, IsLaterAndNothingIsLost) {
  provision_certificate(12);
  const int mounted = with_state_of("8m", [] { return 0; });
  if (mounted == refused)
    GTEST_SKIP() << "skipped: this environment lets nobody mount a file system, not even a private one";
  ASSERT_EQ(mounted, 0);
  for (const char* const size : {"4k", "16k", "32k"})
    EXPECT_EQ(renew_with_state_of(size), info(Reason::disk_full).exit_code) << size;
  EXPECT_EQ(info(Reason::disk_full).retry, Retry::later);
  EXPECT_EQ(inspected_token()["certificates"].size(), 1U) << "nothing was written, nothing was lost";
  EXPECT_EQ(renew_with_state_of("8m"), 0);
  EXPECT_EQ(inspected_token()["certificates"].size(), 2U);
}

/// A file that may not grow is one for which there is no room: no signal ends the worker, and no module is
/// blamed.
TEST_F(FullDisk, IsALimitOfTheProcessAsWell) {
  provision_certificate(12);
  for (const rlim_t limit : {16U * 1024U, 40U * 1024U}) {
    const pid_t child = ::fork();
    if (child == 0) {
      const rlimit limited{limit, limit};
      if (::setrlimit(RLIMIT_FSIZE, &limited) != 0) ::_exit(broken);
      std::signal(SIGXFSZ, SIG_DFL);
      ::_exit(koshin({"renew", "--pin-stdin"}, right_pin + std::string("\n")).exit_code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), info(Reason::disk_full).exit_code) << limit;
  }
  EXPECT_EQ(koshin({"renew", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 0);
}

/// What only shows the journal does so where nothing can be written, be it read-only or full.
TEST_F(FullDisk, AndAReadOnlyOneShowWhatTheJournalHas) {
  provision_certificate(12);
  const auto state = directory_.path() / "user/state";
  const auto shows = [&](const char* command) {
    const RunResult result = koshin({command});
    const bool good = result.exit_code == 0 && result.out.find("Sakura Corp") != std::string::npos;
    if (!good)
      std::fprintf(stderr, "%s: %d %s%s\n", command, result.exit_code, result.out.c_str(),
                   result.err.c_str());
    return good;
  };
  const auto renewed_and = [&](const std::function<bool()>& spoil) {
    return with_state_of("8m", [&] {
      if (koshin({"renew", "--pin-stdin"}, right_pin + std::string("\n")).exit_code != 0) return 1;
      if (!spoil()) return 2;
      if (!shows("status")) return 3;
      if (!shows("history")) return 4;
      return koshin({"renew", "--pin-stdin", "--force"}, right_pin + std::string("\n")).exit_code;
    });
  };
  const int read_only = renewed_and([&] {
    // The worker's guard may not have ended yet, with the log still open.
    for (int tries = 0; tries < 500; ++tries) {
      if (::mount(nullptr, state.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0)
        return true;
      ::usleep(20'000);
    }
    return false;
  });
  if (read_only == refused)
    GTEST_SKIP() << "skipped: this environment lets nobody mount a file system, not even a private one";
  EXPECT_EQ(read_only, info(Reason::journal_unusable).exit_code) << "a renewal needs to write";
  EXPECT_EQ(renewed_and([&] {
              std::ofstream rest(state / "rest", std::ios::binary);
              const std::string block(4096, 'x');
              while (rest.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) continue;
              return true;
            }),
            info(Reason::disk_full).exit_code);
}

}  // namespace
}  // namespace koshin::test
