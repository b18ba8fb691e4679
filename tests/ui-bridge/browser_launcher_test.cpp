// SPDX-License-Identifier: MIT
// The browser by an xdg-open of the test's own: what it is given, when the page's other address is tried, and
// what of its end is told.
#include <gtest/gtest.h>
#include <signal.h>  // kill() is not in <csignal>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "support/environment.hpp"
#include "support/temporary_directory.hpp"
#include "ui-bridge/page/browser.hpp"

namespace koshin::ui {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const PageAddress by_file{"file:///run/page.html", "http://127.0.0.1:4711/#c"};
const PageAddress by_url{"", "http://127.0.0.1:4711/#c"};

class BrowserLauncherTest : public ::testing::Test {
 protected:
  /// xdg-open writes down what it is to open, and then does as the lines say.
  void make_opener(const std::string& lines) {
    const fs::path program = folder_.path() / "xdg-open";
    std::ofstream(program) << "#!/bin/sh\necho \"$1\" >> '" << record_.string() << "'\n" << lines << "\n";
    fs::permissions(program, fs::perms::owner_all);
    launcher_ = BrowserLauncher::prepare();
    ASSERT_NE(launcher_, nullptr);
  }
  /// Lines for xdg-open to wait by until let_go(), or the end of the test.
  std::string until_let_go() const {
    return "while [ -d '" + folder_.path().string() + "' ] && [ ! -e '" + go_.string() +
           "' ]; do sleep 0.02; done\n";
  }
  void let_go() const { std::ofstream(go_) << "\n"; }
  void open(const PageAddress& page) {
    launcher_->open(context_, page, [this] { ++failures_; });
  }
  std::vector<std::string> opened() const {
    std::ifstream file(record_);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  /// Runs the loop until it holds, for a while at most.
  template <class Condition>
  bool soon(Condition holds) {
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
         std::chrono::steady_clock::now() < end;) {
      context_.restart();
      context_.run_for(10ms);
      if (holds()) return true;
    }
    return false;
  }
  void run_for_a_while() {
    context_.restart();
    context_.run_for(300ms);
    std::this_thread::sleep_for(100ms);
  }

  test::TemporaryDirectory folder_;
  fs::path record_ = folder_.path() / "opened", go_ = folder_.path() / "go",
           process_ = folder_.path() / "process";
  test::ScopedEnvironment path_{{{"PATH", folder_.path().string() + ":" + std::string(std::getenv("PATH"))}}};
  boost::asio::io_context context_;
  std::unique_ptr<BrowserLauncher> launcher_;
  int failures_ = 0;
};

using Opened = std::vector<std::string>;

TEST_F(BrowserLauncherTest, AFileThatIsOpenedIsAllThereIs) {
  make_opener("exit 0");
  open(by_file);
  ASSERT_TRUE(soon([&] { return !opened().empty(); }));
  run_for_a_while();
  EXPECT_EQ(opened(), Opened{by_file.file});
  EXPECT_EQ(failures_, 0);
}

TEST_F(BrowserLauncherTest, TheAddressFollowsWhenThePageDoesNotComeByItsFile) {
  make_opener("exit 0");
  open(by_file);
  ASSERT_TRUE(soon([&] { return !opened().empty(); }));
  launcher_->use_url();
  EXPECT_TRUE(soon([&] { return opened().size() == 2; }));
  EXPECT_EQ(opened(), (Opened{by_file.file, by_file.url}));
  run_for_a_while();
  EXPECT_EQ(failures_, 0);
}

TEST_F(BrowserLauncherTest, TheAddressFollowsWhileTheFilesBrowserRuns) {
  make_opener("case \"$1\" in file:*) exec sleep 5;; esac");
  open(by_file);
  ASSERT_TRUE(soon([&] { return !opened().empty(); }));
  launcher_->use_url();
  EXPECT_TRUE(soon([&] { return opened().size() == 2; }));
}

TEST_F(BrowserLauncherTest, AFileThatCannotBeOpenedIsFollowedByTheAddress) {
  make_opener("case \"$1\" in file:*) exit 4;; esac");
  open(by_file);
  EXPECT_TRUE(soon([&] { return opened().size() == 2; }));
  EXPECT_EQ(opened(), (Opened{by_file.file, by_file.url}));
  run_for_a_while();
  EXPECT_EQ(failures_, 0);
}

TEST_F(BrowserLauncherTest, AFailureIsToldOnce) {
  make_opener("exit 3");
  open(by_url);
  EXPECT_TRUE(soon([&] { return failures_ == 1; }));
  run_for_a_while();
  EXPECT_EQ(opened(), Opened{by_url.url});
  EXPECT_EQ(failures_, 1);
}

TEST_F(BrowserLauncherTest, BothThatFailAreOneFailure) {
  make_opener("exit 3");
  open(by_file);
  EXPECT_TRUE(soon([&] { return failures_ == 1; }));
  EXPECT_EQ(opened(), (Opened{by_file.file, by_file.url}));
}

/// As where the page is slow: the file has failed, and the address is being opened when it is asked for.
TEST_F(BrowserLauncherTest, AnAddressThatIsAskedForAgainAndFailsIsToldAsAFailure) {
  make_opener("case \"$1\" in file:*) exit 4;; esac\n" + until_let_go() + "exit 3");
  open(by_file);
  ASSERT_TRUE(soon([&] { return opened().size() == 2; }));
  launcher_->use_url();
  let_go();
  EXPECT_TRUE(soon([&] { return failures_ == 1; }));
  run_for_a_while();
  EXPECT_EQ(opened(), (Opened{by_file.file, by_file.url}));
  EXPECT_EQ(failures_, 1);
}

TEST_F(BrowserLauncherTest, AChildThatEndsAfterThePageHasComeIsReaped) {
  make_opener("echo $$ > '" + process_.string() + "'\n" + until_let_go());
  open(by_url);
  pid_t child = 0;
  ASSERT_TRUE(soon([&] { return bool(std::ifstream(process_) >> child); }));
  EXPECT_EQ(kill(child, 0), 0);
  launcher_->done();
  let_go();
  EXPECT_TRUE(soon([&] { return kill(child, 0) != 0; }));
}

TEST_F(BrowserLauncherTest, AfterThePageHasComeNothingElseIsOpenedOrTold) {
  make_opener(until_let_go() + "exit 3");
  open(by_file);
  ASSERT_TRUE(soon([&] { return !opened().empty(); }));
  launcher_->done();
  let_go();
  std::this_thread::sleep_for(300ms);
  run_for_a_while();
  EXPECT_EQ(opened(), Opened{by_file.file});
  EXPECT_EQ(failures_, 0);
}

/// As a koshin-ui does that was started by a link.
TEST_F(BrowserLauncherTest, ALauncherThatEndsAtOnceHasHandedThePageOver) {
  make_opener("exit 0");
  {
    boost::asio::io_context short_lived;
    launcher_->open(short_lived, by_url, [] {});
    launcher_.reset();
  }
  EXPECT_TRUE(soon([&] { return opened() == Opened{by_url.url}; }));
}

TEST_F(BrowserLauncherTest, WithoutAnOrderNothingIsOpened) {
  make_opener("exit 0");
  launcher_.reset();
  run_for_a_while();
  EXPECT_EQ(opened(), Opened{});
}

}  // namespace
}  // namespace koshin::ui
