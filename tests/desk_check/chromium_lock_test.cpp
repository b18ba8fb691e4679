// SPDX-License-Identifier: MIT
// Whether Chromium runs, by the link that it keeps.
#include "desk_check/chromium_lock_posix.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "support/temporary_directory.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;
using testing::Optional;

std::string this_computer() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// The number of a process that has ended.
std::string ended_process() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  return std::to_string(child);
}

class ChromiumLock : public testing::Test {
 protected:
  void lock(const std::string& browser, const std::string& holder) {
    fs::create_directories(settings_.path() / browser);
    fs::create_symlink(holder, settings_.path() / browser / "SingletonLock");
  }
  std::optional<std::string> holder() const { return running_chromium(settings_.path()); }
  test::TemporaryDirectory settings_;
};

TEST_F(ChromiumLock, IsNotThereWhileItDoesNotRun) {
  EXPECT_EQ(holder(), std::nullopt);
}

TEST_F(ChromiumLock, NamesTheProcessThatRuns) {
  lock("chromium", this_computer() + "-" + ended_process());
  EXPECT_EQ(holder(), std::nullopt) << "a crash has left it";
  lock("BraveSoftware/Brave-Browser", this_computer() + "-" + std::to_string(getpid()));
  EXPECT_THAT(holder(), Optional("process " + std::to_string(getpid())));
}

TEST_F(ChromiumLock, CountsOnAnotherComputerWithTheSameHome) {
  lock("google-chrome", "build-3.corp.example-4711");
  EXPECT_THAT(holder(), Optional(std::string("process 4711 on build-3.corp.example")));
}

TEST_F(ChromiumLock, CountsForNothingWhereItNamesNoProcess) {
  int i = 0;
  for (const char* wrong : {"x", "host-", "host-12x", "host-0", "host-99999999999999999999"}) {
    lock("chromium", wrong);
    EXPECT_EQ(holder(), std::nullopt) << wrong;
    fs::rename(settings_.path() / "chromium", settings_.path() / std::to_string(++i));
  }
}

}  // namespace
}  // namespace koshin::desk_check
