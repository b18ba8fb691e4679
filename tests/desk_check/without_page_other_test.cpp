// SPDX-License-Identifier: MIT
// A system that does not tell whose a connection is: nothing is said to open a page that koshin-ui does not
// open.
#include <gmock/gmock.h>

#include <fstream>

#include "desk_check/checks.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

TEST(WithoutPage, NeitherABrowserNorALinkIsSaidToOpenOne) {
  const test::TemporaryDirectory folder;
  const fs::path entries = folder.path() / "data/applications";
  fs::create_directories(entries);
  std::ofstream(entries / "b.desktop") << "[Desktop Entry]\nExec=/opt/browser %U\n";
  std::ofstream(entries / "l.desktop") << "[Desktop Entry]\nExec=/usr/libexec/koshin/koshin-ui --link %u\n";
  std::ofstream(entries / "mimeinfo.cache")
      << "[MIME Cache]\nx-scheme-handler/http=b.desktop;\nx-scheme-handler/koshin=l.desktop;\n";
  const test::ScopedEnvironment place{{{"XDG_DATA_HOME", (folder.path() / "data").string()}}};
  std::vector<DoctorCheck> results;
  Report report([&](const DoctorCheck& result) { results.push_back(result); });
  check_browser(report);
  check_link_handler(report);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results.front().id, "browser");
  EXPECT_EQ(results.back().id, "link_handler");
  for (const DoctorCheck& result : results) {
    EXPECT_EQ(result.status, "skipped");
    EXPECT_EQ(result.finding, "page_unsupported");
    EXPECT_THAT(result.text, testing::HasSubstr("koshin renew"));
  }
}

TEST(WithoutPage, WhatRemainsWhereNoMessagesAreShownDoesNotNameIt) {
  std::vector<DoctorCheck> results;
  Report report([&](const DoctorCheck& result) { results.push_back(result); });
  check_notifications(report);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results.front().finding, "messages_unsupported");
  EXPECT_THAT(results.front().text, testing::Not(testing::HasSubstr("page")));
}

}  // namespace
}  // namespace koshin::desk_check
