// SPDX-License-Identifier: MIT
// How the browser is told the page's address: the file that leads to it, and who can read such a file.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "desktop/default_application.hpp"
#include "foundation/base/text.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"
#include "ui-bridge/page/redirect_file.hpp"

namespace koshin::ui {
namespace {

using desktop::browser_reads_files;
using desktop::DesktopFolders;
using desktop::entry_reads_files;
using desktop::opener_of;

namespace fs = std::filesystem;

const std::string url = "http://127.0.0.1:4711/#A-capability_of_43_characters";

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

class RedirectFileTest : public ::testing::Test {
 protected:
  RedirectFileTest() : surroundings_({{"XDG_RUNTIME_DIR", (folder_.path() / "a run").string()}}) {
    fs::create_directory(folder_.path() / "a run");
    fs::permissions(folder_.path() / "a run", fs::perms::owner_all);
  }
  /// The files that are there.
  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder_.path() / "a run/koshin"))
      found.push_back(entry.path());
    return found;
  }
  test::TemporaryDirectory folder_;
  test::ScopedEnvironment surroundings_;
};

TEST_F(RedirectFileTest, LeadsToThePageAndIsReadByItsOwnerAlone) {
  const auto redirect = RedirectFile::make(url);
  ASSERT_TRUE(redirect);
  ASSERT_TRUE(redirect->address().starts_with("file:///"));
  EXPECT_EQ(redirect->address().find(' '), std::string::npos);
  const auto path = percent_decode(redirect->address().substr(7));
  ASSERT_TRUE(path);
  struct stat status {};
  ASSERT_EQ(stat(path->c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(stat(fs::path(*path).parent_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  std::ifstream file(*path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(text.find("content=\"0;url=" + url + "\""), std::string::npos);
  EXPECT_EQ(redirect->address().find("capability"), std::string::npos);
}

TEST_F(RedirectFileTest, IsGoneWithItsOwner) {
  RedirectFile::make(url).reset();
  EXPECT_TRUE(files().empty());
}

TEST_F(RedirectFileTest, WhatAKilledProgramLeftIsRemovedByTheNextAndWhatALivingOneHasIsNot) {
  const auto living = RedirectFile::make(url);
  write(folder_.path() / "a run/koshin/page-left.html", "killed");
  write(folder_.path() / "a run/koshin/token.lock", "another's");
  const auto next = RedirectFile::make(url);
  EXPECT_EQ(files().size(), 3U);
  EXPECT_FALSE(fs::exists(folder_.path() / "a run/koshin/page-left.html"));
}

TEST_F(RedirectFileTest, StartsAtTheSameTimeTakeNoneOfOneAnothersFiles) {
  constexpr int starts = 4, each = 300;
  std::atomic<int> without{0};
  std::vector<std::thread> threads;
  threads.reserve(starts);
  for (int start = 0; start < starts; ++start)
    threads.emplace_back([&] {
      for (int i = 0; i < each; ++i) {
        const auto redirect = RedirectFile::make(url);
        if (!redirect || !fs::exists(percent_decode(redirect->address().substr(7)).value())) ++without;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(without, 0);
  EXPECT_TRUE(files().empty());
}

constexpr const char* plain_browser =
    "[Desktop Entry]\nExec=/usr/bin/firefox-esr %u\nMimeType=text/html;x-scheme-handler/http;\n";

TEST(EntryReadsFiles, ABrowserDoesUnlessItIsConfined) {
  const std::string browser = plain_browser;
  EXPECT_TRUE(entry_reads_files(browser));
  EXPECT_FALSE(entry_reads_files(browser + "X-SnapInstanceName=firefox\n"));
  EXPECT_FALSE(entry_reads_files(browser + "X-Flatpak=org.mozilla.firefox\n"));
  EXPECT_FALSE(entry_reads_files("Exec=env BAMF_DESKTOP_FILE_HINT=x /snap/bin/firefox %u\n" + browser));
  EXPECT_FALSE(entry_reads_files("Exec=/usr/bin/flatpak run org.chromium.Chromium @@u %U @@\n" + browser));
}

TEST(EntryReadsFiles, AnEditorIsNoBrowser) {
  EXPECT_FALSE(entry_reads_files("[Desktop Entry]\nExec=gedit %U\nMimeType=text/plain;text/html;\n"));
}

TEST(HtmlOpener, IsTheDesktopsChoiceThenThePersonsThenWhatProgramsSay) {
  const test::TemporaryDirectory folder;
  const fs::path home = folder.path() / "home", system = folder.path() / "system";
  DesktopFolders folders{{home, system}, {system}, {"gnome"}};
  EXPECT_EQ(opener_of("text/html", folders), std::nullopt);
  for (const char* name : {"cached", "chosen", "gnomes"})
    write(system / (std::string(name) + ".desktop"), name);
  write(system / "mimeinfo.cache", "[MIME Cache]\ntext/html=gone.desktop;cached.desktop;\n");
  EXPECT_EQ(opener_of("text/html", folders), "cached");
  write(home / "mimeapps.list",
        "[Added Associations]\ntext/html=cached.desktop\n[Default "
        "Applications]\ntext/html=gone.desktop;chosen.desktop\n");
  EXPECT_EQ(opener_of("text/html", folders), "chosen");
  write(home / "gnome-mimeapps.list", "[Default Applications]\ntext/html=gnomes.desktop;\n");
  EXPECT_EQ(opener_of("text/html", folders), "gnomes");
  write(home / "gnome-mimeapps.list", "[Default Applications]\ntext/html=../../etc/passwd\n");
  EXPECT_EQ(opener_of("text/html", folders), "chosen");
}

TEST(HtmlOpener, FollowsTheEnvironment) {
  const test::TemporaryDirectory folder;
  const test::ScopedEnvironment surroundings({{"XDG_CONFIG_HOME", (folder.path() / "config").string()},
                                              {"XDG_DATA_HOME", (folder.path() / "data").string()},
                                              {"XDG_DATA_DIRS", (folder.path() / "none").string()},
                                              {"XDG_CONFIG_DIRS", (folder.path() / "none").string()}});
  EXPECT_TRUE(browser_reads_files());  // nothing is known
  write(folder.path() / "config/mimeapps.list", "[Default Applications]\ntext/html=snapped.desktop\n");
  write(folder.path() / "data/applications/snapped.desktop",
        plain_browser + std::string("X-SnapInstanceName=firefox\n"));
  EXPECT_FALSE(browser_reads_files());
}

}  // namespace
}  // namespace koshin::ui
