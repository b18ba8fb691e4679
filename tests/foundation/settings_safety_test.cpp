// SPDX-License-Identifier: MIT
// Who may be able to write a settings file for it to be believed.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure_of.hpp"
#include "files.hpp"
#include "foundation/settings/settings.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

using test::failure_of;
using testing::HasSubstr;

class SettingsSafetyTest : public testing::Test {
 protected:
  static Failure loading(const SettingsSources& sources) {
    return failure_of([&] { load_settings(sources); });
  }
  static SettingsSources only(const std::filesystem::path& file) {
    return {.system_file = {}, .drop_in_directory = {}, .user_file = {}, .only = file};
  }

  /// A file of another user; only root can make one.
  static bool give_away(const std::filesystem::path& path) { return chown(path.c_str(), 12345, 12345) == 0; }

  test::TemporaryDirectory folder_;
  std::filesystem::path file_ =
      test::write_file(folder_.path() / "koshin.toml", "[log]\nlevel = \"debug\"\n");
};

TEST_F(SettingsSafetyTest, AFileThatOthersCanWriteIsRefused) {
  for (const mode_t mode : {0666, 0664, 0602, 0620}) {
    chmod(file_.c_str(), mode);
    const Failure failure = loading(only(file_));
    EXPECT_EQ(failure.reason, Reason::settings_unsafe) << std::oct << mode;
    EXPECT_THAT(failure.detail,
                HasSubstr(file_.string() + ": this file can be written by group or others: chmod go-w"));
  }
  chmod(file_.c_str(), 0644);
  EXPECT_EQ(load_settings(only(file_)).log.level, LogLevel::debug);
}

TEST_F(SettingsSafetyTest, TheRuleHoldsForEveryFileOfTheChain) {
  chmod(file_.c_str(), 0666);
  EXPECT_EQ(loading({.system_file = file_, .drop_in_directory = {}, .user_file = {}, .only = {}}).reason,
            Reason::settings_unsafe);
  EXPECT_EQ(
      loading({.system_file = {}, .drop_in_directory = folder_.path(), .user_file = {}, .only = {}}).reason,
      Reason::settings_unsafe);
  EXPECT_EQ(loading({.system_file = {}, .drop_in_directory = {}, .user_file = file_, .only = {}}).reason,
            Reason::settings_unsafe);
}

TEST_F(SettingsSafetyTest, AFolderThatOthersCanWriteIsRefusedUnlessItIsSticky) {
  chmod(folder_.path().c_str(), 0777);
  const Failure failure = loading(only(file_));
  EXPECT_EQ(failure.reason, Reason::settings_unsafe);
  EXPECT_THAT(failure.detail,
              HasSubstr(folder_.path().string() + ": this folder can be written by group or others"));
  chmod(folder_.path().c_str(), 01777);
  EXPECT_EQ(load_settings(only(file_)).log.level, LogLevel::debug);
}

TEST_F(SettingsSafetyTest, AnotherUsersFileIsRefused) {
  if (!give_away(file_)) GTEST_SKIP() << "only root can give files away";
  const Failure failure = loading(only(file_));
  EXPECT_EQ(failure.reason, Reason::settings_unsafe);
  EXPECT_THAT(failure.detail, HasSubstr("belongs to user number 12345"));
}

TEST_F(SettingsSafetyTest, AFileInAnotherUsersFolderIsRefused) {
  if (!give_away(folder_.path())) GTEST_SKIP() << "only root can give folders away";
  EXPECT_EQ(loading(only(file_)).reason, Reason::settings_unsafe);
}

TEST_F(SettingsSafetyTest, WhatIsNoRegularFileIsRefusedAndNotWaitedFor) {
  const auto pipe = folder_.path() / "pipe.toml";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(loading(only(pipe)).reason, Reason::settings_unsafe);
  EXPECT_EQ(loading(only(folder_.path())).reason, Reason::settings_unsafe);
}

TEST_F(SettingsSafetyTest, ALinkIsJudgedByWhatItLeadsTo) {
  const auto link = folder_.path() / "link.toml";
  std::filesystem::create_symlink(file_, link);
  EXPECT_EQ(load_settings(only(link)).log.level, LogLevel::debug);
  chmod(file_.c_str(), 0666);
  EXPECT_EQ(loading(only(link)).reason, Reason::settings_unsafe);
}

/// What is not read because of such a link might hold a lock, or a bank.
TEST_F(SettingsSafetyTest, ALinkThatLeadsNowhereIsAMistakeAndNotAFileThatIsNotThere) {
  const auto etc = folder_.path() / "etc";
  const SettingsSources chain{.system_file = etc / "koshin.toml",
                              .drop_in_directory = etc / "conf.d",
                              .user_file = folder_.path() / "home/koshin.toml",
                              .only = {},
                              .bank_directory = etc / "banks.d"};
  for (const auto& link : {chain.system_file, chain.drop_in_directory, etc / "conf.d/10-locks.toml",
                           chain.bank_directory, etc / "banks.d/sakura.toml", chain.user_file, etc}) {
    std::filesystem::create_directories(link.parent_path());
    std::filesystem::create_symlink(folder_.path() / "gone", link);
    const Failure failure = loading(chain);
    EXPECT_EQ(failure.reason, Reason::settings_invalid) << link;
    EXPECT_THAT(failure.detail, HasSubstr(link.string())) << link;
    EXPECT_THAT(failure.detail, HasSubstr("is a link to " + (folder_.path() / "gone").string() +
                                          ", where nothing is: correct it, or delete it"));
    std::filesystem::remove_all(etc);
    std::filesystem::remove_all(folder_.path() / "home");
  }
  load_settings(chain);
}

TEST_F(SettingsSafetyTest, AFileThatCannotBeReadIsAnErrorAndNotIgnored) {
  if (geteuid() == 0) GTEST_SKIP() << "root can read everything";
  chmod(file_.c_str(), 0);
  EXPECT_EQ(loading({.system_file = file_, .drop_in_directory = {}, .user_file = {}, .only = {}}).reason,
            Reason::settings_invalid);
}

}  // namespace
}  // namespace koshin
