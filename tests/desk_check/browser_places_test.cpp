// SPDX-License-Identifier: MIT
// What below /usr/local belongs to a browser, and what lies there without one.
#include "desk_check/browser_places_posix.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "support/temporary_directory.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

class BrowserPlaces : public testing::Test {
 protected:
  fs::path write(const fs::path& file) {
    const fs::path place = root_.path() / file;
    fs::create_directories(place.parent_path());
    std::ofstream(place) << "{}";
    return place;
  }
  std::vector<fs::path> policies() const {
    std::vector<fs::path> paths;
    for (const PolicyFile& file : policy_files(root_.path())) paths.push_back(file.path);
    return paths;
  }
  test::TemporaryDirectory root_;
};

TEST_F(BrowserPlaces, APolicyOfAFirefoxThatIsNotThereCountsForNothing) {
  write("usr/lib/firefox-esr/firefox-esr");
  const fs::path policy = write("usr/local/lib/firefox/distribution/policies.json");
  EXPECT_THAT(policies(), Not(Contains(policy)));
  write("usr/local/lib/firefox-esr/firefox-esr");
  EXPECT_THAT(policies(), Not(Contains(policy))) << "another Firefox's";
  EXPECT_THAT(policies(), Contains(root_.path() / "usr/local/lib/firefox-esr/distribution/policies.json"));
  write("usr/local/lib/firefox/firefox");
  EXPECT_THAT(policies(), Contains(policy));
}

TEST_F(BrowserPlaces, ThoseOfDistributionsMayBeThereBeforeTheBrowser) {
  EXPECT_THAT(policies(), Contains(root_.path() / "etc/firefox/policies/policies.json"));
  EXPECT_THAT(policies(), Contains(root_.path() / "usr/lib/firefox-esr/distribution/policies.json"));
  const fs::path policy = write("etc/chromium/policies/managed/bank.json");
  EXPECT_THAT(policies(), Contains(policy));
}

TEST_F(BrowserPlaces, APolicyOfAChromiumThatIsNotThereCountsForNothing) {
  const fs::path policy = write("usr/local/etc/chromium/policies/managed/bank.json");
  write("usr/local/bin/chrome");  // an administrator's script of that name is no Chromium
  EXPECT_THAT(policies(), Not(Contains(policy)));
  EXPECT_FALSE(chromium_is_installed(root_.path()));
  write("usr/local/share/chromium/chrome");
  EXPECT_THAT(policies(), Contains(policy));
  EXPECT_TRUE(chromium_is_installed(root_.path()));
}

TEST_F(BrowserPlaces, ProgramsAreThoseThatAreThere) {
  EXPECT_THAT(programs_of(Browser::firefox, root_.path()), ElementsAre("firefox"));
  EXPECT_THAT(programs_of(Browser::chromium, root_.path()), ElementsAre("chromium"));
  write("usr/lib/firefox-esr/firefox-esr");
  write("usr/local/share/chromium/chrome");
  EXPECT_THAT(programs_of(Browser::firefox, root_.path()), ElementsAre("firefox-esr"));
  EXPECT_THAT(programs_of(Browser::chromium, root_.path()), ElementsAre("chrome"));
}

}  // namespace
}  // namespace koshin::desk_check
