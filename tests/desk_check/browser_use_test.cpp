// SPDX-License-Identifier: MIT
// Who has a browser's database open, as systems show it that have a /proc like Linux's, or another one, or
// none.
#include "desk_check/browser_use_posix.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;
using testing::Optional;

class BrowserUse : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(profile_.folder);
    std::array<char, 256> computer{};
    gethostname(computer.data(), computer.size() - 1);
    fs::create_directories(folder_.path() / "config/chromium");
    fs::create_symlink(std::string(computer.data()) + "-" + std::to_string(getpid()),
                       folder_.path() / "config/chromium/SingletonLock");
  }
  fs::path processes() const { return folder_.path() / "proc"; }
  void show(const std::string& process, const fs::path& file) const {
    fs::create_directories(processes() / process / "fd");
    fs::create_symlink(file, processes() / process / "fd/3");
  }
  std::optional<std::string> user() const { return user_of_profile(profile_, processes()); }

  test::TemporaryDirectory folder_;
  BrowserProfile profile_{Browser::chromium, folder_.path() / "nssdb"};
  test::ScopedEnvironment settings_{{{"XDG_CONFIG_HOME", (folder_.path() / "config").string()}}};
  const std::string this_process_ = "process " + std::to_string(getpid());
};

TEST_F(BrowserUse, WithoutProcChromiumIsAskedByItsLock) {
  EXPECT_THAT(user(), Optional(this_process_));
  profile_.browser = Browser::firefox;
  EXPECT_EQ(user(), std::nullopt) << "the lock is Chromium's";
}

TEST_F(BrowserUse, SoItIsWhereProcShowsNoLinks) {
  fs::create_directories(processes() / "self/fd");
  std::ofstream(processes() / "self/fd/3") << "a file of NetBSD";
  EXPECT_THAT(user(), Optional(this_process_));
}

TEST_F(BrowserUse, WhatProcShowsIsBelievedAlone) {
  show("self", "/proc/self/fd");
  EXPECT_EQ(user(), std::nullopt) << "the lock is one that another process's number has made look held";
  show("4711", profile_.folder / "cert9.db");
  std::ofstream(processes() / "4711/comm") << "chromium\n";
  EXPECT_THAT(user(), Optional(std::string("process 4711 (chromium)")));
}

TEST_F(BrowserUse, ThisSystemShowsWhatThisProcessHasOpen) {
  const std::ofstream open(profile_.folder / "cert9.db");
  EXPECT_THAT(user_of_profile(profile_), Optional(testing::StartsWith(this_process_)));
}

}  // namespace
}  // namespace koshin::desk_check
