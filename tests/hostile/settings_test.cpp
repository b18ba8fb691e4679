// SPDX-License-Identifier: MIT
// Whose word the settings take, as two users of the machine.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "foundation/failures/failure.hpp"
#include "foundation/settings/settings.hpp"
#include "foundation/system/file_access.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {
namespace {

namespace fs = std::filesystem;

constexpr uid_t user = 12345;

/// Everything in this scope is done as the other user.
class AsUser {
 public:
  AsUser() : worked_(::seteuid(user) == 0) {}
  ~AsUser() {
    if (worked_) (void)!::seteuid(0);
  }
  AsUser(const AsUser&) = delete;
  AsUser& operator=(const AsUser&) = delete;

 private:
  bool worked_;
};

class WhoseSettings : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "skipped: needs root to be two users";
    fs::permissions(folder_.path(), fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                                        fs::perms::others_read | fs::perms::others_exec);
  }
  fs::path write(const std::string& name, const std::string& text, uid_t owner) const {
    const auto file = folder_.path() / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
    if (::chown(file.c_str(), owner, owner) != 0 || ::chown(file.parent_path().c_str(), owner, owner) != 0)
      ADD_FAILURE() << "chown";
    return file;
  }
  SettingsSources sources(const fs::path& only) const {
    return {.system_file = folder_.path() / "system/koshin.toml",
            .drop_in_directory = {},
            .user_file = {},
            .only = only};
  }
  static std::optional<Reason> reason(const SettingsSources& sources) {
    try {
      (void)load_settings(sources);
      return std::nullopt;
    } catch (const FailureError& error) {
      return error.failure().reason;
    }
  }
  TemporaryDirectory folder_;
};

TEST_F(WhoseSettings, AUsersOwnFileIsNoAdministratorsHoweverItIsNamed) {
  write("system/koshin.toml", "locked = [\"authority.url\"]\nauthority.url = \"https://bank.example\"\n", 0);
  const auto modules = write("home/modules.toml", "token.modules = [\"/tmp/mine.so\"]\n", user);
  const auto anchors = write("home/anchors.toml", "authority.trust_anchors = \"mine.pem\"\n", user);
  const auto locked = write("home/locked.toml", "authority.url = \"https://elsewhere.example\"\n", user);
  const auto harmless = write("home/harmless.toml", "log.level = \"debug\"\n", user);
  const AsUser as_user;
  EXPECT_EQ(reason(sources(modules)), Reason::settings_invalid);
  EXPECT_EQ(reason(sources(anchors)), Reason::settings_invalid);
  EXPECT_EQ(reason(sources(locked)), Reason::settings_invalid);
  const Settings settings = load_settings(sources(harmless));
  EXPECT_EQ(settings.log.level, LogLevel::debug);
  EXPECT_EQ(settings.authority.url, "https://bank.example") << "the administrator's file is above it";
}

TEST_F(WhoseSettings, AFileThatRootAloneCanWriteIsReadAloneByAnybody) {
  write("system/koshin.toml", "authority.url = \"https://bank.example\"\n", 0);
  const auto file = write("etc/other.toml", "token.modules = [\"/usr/lib/m.so\"]\n", 0);
  const AsUser as_user;
  const Settings settings = load_settings(sources(file));
  EXPECT_EQ(settings.token.modules, std::vector<std::string>{"/usr/lib/m.so"});
  EXPECT_EQ(settings.authority.url, "");
}

TEST_F(WhoseSettings, OneInAFolderOfTheUsersIsNotRootsAlone) {
  write("system/koshin.toml", "", 0);
  const auto file = write("home/root-owned.toml", "token.modules = [\"/tmp/mine.so\"]\n", user);
  ASSERT_EQ(::chown(file.c_str(), 0, 0), 0);
  const AsUser as_user;
  EXPECT_FALSE(read_administrators_file(file, 1000));
  EXPECT_EQ(reason(sources(file)), Reason::settings_invalid);
}

TEST_F(WhoseSettings, AnotherUsersFolderAnywhereAboveAFileIsRefused) {
  const auto file = write("a/b/c/secret", "x\n", user);
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  for (const char* const folder : {"a/b", "a"})
    ASSERT_EQ(::chown((folder_.path() / folder).c_str(), user, user), 0);
  {
    const AsUser as_user;
    EXPECT_TRUE(GuardedFile::open(file, Guard::read));
  }
  ASSERT_EQ(::chown((folder_.path() / "a").c_str(), 54321, 54321), 0);
  const AsUser as_user;
  EXPECT_THROW(GuardedFile::open(file, Guard::read), UnsafeFile);
}

TEST_F(WhoseSettings, ALinkIsJudgedByWhereItStandsAsWell) {
  const auto file = write("safe/module.so", "", 0);
  const auto open_folder = folder_.path() / "open";
  fs::create_directory(open_folder);
  fs::create_symlink(file, open_folder / "module.so");
  EXPECT_NO_THROW(check_nobody_else_writes(open_folder / "module.so"));
  ASSERT_EQ(::chmod(open_folder.c_str(), 0777), 0);
  EXPECT_THROW(check_nobody_else_writes(open_folder / "module.so"), UnsafeFile);
}

TEST_F(WhoseSettings, WhatIsNotThereCannotBeVouchedFor) {
  EXPECT_THROW(check_nobody_else_writes(folder_.path() / "module.so"), std::system_error);
}

}  // namespace
}  // namespace koshin::test
