// SPDX-License-Identifier: MIT
// The page does not stay for a hook that goes on.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <optional>

#include "support/temporary_directory.hpp"
#include "ui-bridge/desk/background_hooks.hpp"

namespace koshin::ui {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// In the place of koshin-hooks a program that takes a minute.
const hooks::HookCommand long_run{"/bin/sleep", {"60"}};

class BackgroundHooksTest : public testing::Test {
 protected:
  BackgroundHooksTest() {
    const fs::path hook = folder_.path() / "10-hook";
    std::ofstream(hook) << "#!/bin/sh\n";
    fs::permissions(hook, fs::perms{0755});
    hooks_.emplace();
    hooks_->run(folder_.path(), long_run, [](const auto&) { FAIL() << "it has not failed"; });
  }
  /// How long the page's program takes to leave.
  steady_clock::duration leave() {
    const auto begin = steady_clock::now();
    hooks_.reset();
    return steady_clock::now() - begin;
  }
  test::TemporaryDirectory folder_;
  std::optional<BackgroundHooks> hooks_;
};

TEST_F(BackgroundHooksTest, AreGivenTwoSecondsWhenThePageIsClosed) {
  const auto took = leave();
  EXPECT_GE(took, milliseconds(1900)) << "no hook ran";
  EXPECT_LT(took, seconds(15));
}

TEST_F(BackgroundHooksTest, AreEndedAtOnceWhenTheParentAsks) {
  hooks_->stop();
  EXPECT_LT(leave(), milliseconds(1900));
}

}  // namespace
}  // namespace koshin::ui
