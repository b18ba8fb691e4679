// SPDX-License-Identifier: MIT
#include "foundation/system/paths.hpp"

#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "failure_of.hpp"
#include "files.hpp"
#include "foundation/system/foreign_home.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

class PathsTest : public testing::Test {
 protected:
  PathsTest() { test::isolate_user(folder_.path()); }
  static mode_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
  }
  test::TemporaryDirectory folder_;
};

TEST_F(PathsTest, StateAndRuntimeFoldersAreMadePrivate) {
  EXPECT_EQ(paths::state_directory(), folder_.path() / "state/koshin");
  EXPECT_EQ(mode_of(paths::state_directory()), 0700U);
  EXPECT_EQ(paths::runtime_directory(), folder_.path() / "runtime/koshin");
  EXPECT_EQ(mode_of(paths::runtime_directory()), 0700U);
}

TEST_F(PathsTest, AnExistingFolderIsMadePrivateAgain) {
  chmod(paths::state_directory().c_str(), 0755);
  EXPECT_EQ(mode_of(paths::state_directory()), 0700U);
}

TEST_F(PathsTest, WithoutTheVariablesTheDefaultsBelowHomeAreUsed) {
  unsetenv("XDG_STATE_HOME");
  unsetenv("XDG_CONFIG_HOME");
  EXPECT_EQ(paths::state_directory(), folder_.path() / "home/.local/state/koshin");
  EXPECT_EQ(paths::user_settings_file(), folder_.path() / "home/.config/koshin/koshin.toml");
}

TEST_F(PathsTest, RelativeVariablesAreIgnored) {
  setenv("XDG_CONFIG_HOME", "somewhere", 1);
  EXPECT_EQ(paths::user_settings_file(), folder_.path() / "home/.config/koshin/koshin.toml");
}

TEST_F(PathsTest, ARuntimeFolderOfAnotherUserIsNotUsed) {
  if (chown((folder_.path() / "runtime").c_str(), 12345, 12345) != 0)
    GTEST_SKIP() << "only root can give folders away";
  EXPECT_EQ(paths::runtime_directory().string().find((folder_.path() / "runtime").string()),
            std::string::npos);
}

TEST_F(PathsTest, RootMakesNothingInTheHomeOfAUserWhoHasCalledSudo) {
  unsetenv("XDG_STATE_HOME");
  const test::ScopedEnvironment sudo{{{"SUDO_UID", "12345"}}};
  std::filesystem::create_directories(folder_.path() / "home");
  if (chown((folder_.path() / "home").c_str(), 12345, 12345) != 0)
    GTEST_SKIP() << "only root can give folders away";
  const Failure failure = test::failure_of([] { (void)paths::state_directory(); });
  EXPECT_EQ(failure.reason, Reason::journal_unusable);
  EXPECT_NE(failure.detail.find("home: this folder belongs to user number 12345"), std::string::npos)
      << failure.detail;
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "home/.local"));
}

/// As in a container whose HOME, or state folder, is a volume of the computer outside.
TEST_F(PathsTest, RootUsesAFolderThatOnlyBelongsToAnotherNumber) {
  std::filesystem::create_directories(folder_.path() / "home");
  std::filesystem::create_directories(folder_.path() / "volume");
  for (const char* name : {"home", "volume"})
    if (chown((folder_.path() / name).c_str(), 12345, 12345) != 0)
      GTEST_SKIP() << "only root can give folders away";
  unsetenv("XDG_STATE_HOME");
  EXPECT_EQ(paths::state_directory(), folder_.path() / "home/.local/state/koshin");
  setenv("XDG_STATE_HOME", (folder_.path() / "volume").c_str(), 1);
  const test::ScopedEnvironment sudo{{{"SUDO_UID", "12345"}}};
  EXPECT_EQ(paths::state_directory(), folder_.path() / "volume/koshin") << "the place was chosen";
}

TEST_F(PathsTest, RootMakesNothingInTheHomeOfAnAccount) {
  if (geteuid() != 0) GTEST_SKIP() << "for root alone";
  int homes = 0;
  setpwent();
  while (const passwd* const account = getpwent()) {
    struct stat status {};
    if (account->pw_uid == 0 || stat(account->pw_dir, &status) != 0 || status.st_uid != account->pw_uid)
      continue;
    ++homes;
    EXPECT_NE(paths::why_not_as_root(std::filesystem::path(account->pw_dir) / ".pki/none"), "")
        << account->pw_name;
  }
  endpwent();
  if (homes == 0) GTEST_SKIP() << "no account here has a home";
  EXPECT_EQ(paths::why_not_as_root("/root/none"), "");
}

TEST_F(PathsTest, AFileInTheFoldersPlaceIsAFailure) {
  test::write_file(folder_.path() / "state/koshin", "");
  EXPECT_EQ(test::failure_of([] { (void)paths::state_directory(); }).reason, Reason::journal_unusable);
}

TEST_F(PathsTest, AnotherUsersFolderIsAFailure) {
  if (chown(paths::state_directory().c_str(), 12345, 12345) != 0)
    GTEST_SKIP() << "only root can give folders away";
  EXPECT_EQ(test::failure_of([] { (void)paths::state_directory(); }).reason, Reason::journal_unusable);
}

TEST_F(PathsTest, ProgramsAreFoundBesideTheRunningOneElseInLibexec) {
  EXPECT_EQ(paths::self().filename(), "foundation_test");
  EXPECT_EQ(paths::program("foundation_probe"), PROBE);
  EXPECT_EQ(paths::program("no-such-program").filename(), "no-such-program");
  EXPECT_NE(paths::program("no-such-program").parent_path(), paths::self().parent_path());
}

}  // namespace
}  // namespace koshin
