// SPDX-License-Identifier: MIT
// A socket's name leads into its folder and fits into an address, however long the folder's path is; nothing
// of the way stays behind.
#include "ui-bridge/desk/socket_name_posix.hpp"

#include <gtest/gtest.h>
#include <sys/un.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "support/temporary_directory.hpp"

namespace koshin::ui {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t room = sizeof(sockaddr_un::sun_path);

void expect_leads_into(const fs::path& folder) {
  std::ofstream(folder / "links") << "here";
  std::string text;
  {
    const auto name = SocketName::in(folder, "links");
    text = name->text();
    EXPECT_LT(text.size(), room);
    EXPECT_TRUE(fs::equivalent(text, folder / "links"));
    std::ofstream(SocketName::in(folder, "made")->text()) << "through it";
  }
  EXPECT_TRUE(fs::exists(folder / "made"));
  EXPECT_TRUE(fs::exists(folder / "links"));
  const bool another_way = text != folder / "links";
  EXPECT_FALSE(another_way && fs::exists(text));
  EXPECT_FALSE(text.starts_with("/tmp/koshin-") && fs::exists(text.substr(0, text.find('/', 5))));
}

TEST(SocketName, LeadsIntoAFolderWithAShortPath) {
  test::TemporaryDirectory directory;
  expect_leads_into(directory.path());
}

TEST(SocketName, LeadsIntoAFolderWithALongPathAndLeavesNothingBehind) {
  test::TemporaryDirectory directory;
  const fs::path deep = directory.path() / std::string(120, 'a') / std::string(200, 'b');
  fs::create_directories(deep);
  expect_leads_into(deep);
}

/// To the last byte that fits, and the first that does not.
TEST(SocketName, FitsAtEveryLength) {
  test::TemporaryDirectory directory;
  const std::size_t fixed = (directory.path() / "" / "links").string().size();
  for (std::size_t length = room - fixed - 4; length < room - fixed + 3; ++length) {
    const fs::path folder = directory.path() / std::string(length, 'c');
    fs::create_directory(folder);
    expect_leads_into(folder);
  }
}

TEST(SocketName, AFolderThatIsNotThereIsToldByWhoeverUsesIt) {
  test::TemporaryDirectory directory;
  const fs::path gone = directory.path() / std::string(150, 'd');
  try {
    EXPECT_FALSE(fs::exists(SocketName::in(gone, "links")->text()));
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  }
}

}  // namespace
}  // namespace koshin::ui
