// SPDX-License-Identifier: MIT
#include "foundation/system/atomic_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <system_error>

#include "files.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(AtomicFile, ReplacesContentsAndSetsPermissions) {
  const test::TemporaryDirectory folder;
  const auto file = folder.path() / "metrics.prom";
  write_file_atomically(file, "one\n");
  EXPECT_EQ(contents(file), "one\n");
  write_file_atomically(file, "two\n", 0644);
  EXPECT_EQ(contents(file), "two\n");
  struct stat status {};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0644U);
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(AtomicFile, LeavesAnOpenReaderTheOldContents) {
  const test::TemporaryDirectory folder;
  const auto file = folder.path() / "file";
  write_file_atomically(file, "old");
  std::ifstream reader(file);
  write_file_atomically(file, "new");
  std::string text;
  reader >> text;
  EXPECT_EQ(text, "old");
}

TEST(AtomicFile, ReplacesALinkAndDoesNotFollowIt) {
  const test::TemporaryDirectory folder;
  const auto victim = test::write_file(folder.path() / "victim", "untouched");
  std::filesystem::create_symlink(victim, folder.path() / "link");
  write_file_atomically(folder.path() / "link", "new");
  EXPECT_EQ(contents(victim), "untouched");
  EXPECT_EQ(contents(folder.path() / "link"), "new");
}

TEST(AtomicFile, FailsNamingThePathAndLeavesNothingBehind) {
  const test::TemporaryDirectory folder;
  std::filesystem::create_directories(folder.path() / "occupied/by");
  try {
    write_file_atomically(folder.path() / "occupied", "text");
    FAIL() << "a folder was replaced";
  } catch (const std::system_error& error) {
    EXPECT_NE(std::string(error.what()).find("occupied"), std::string::npos);
  }
  EXPECT_EQ(files_in(folder.path()), 1U);
  EXPECT_THROW(write_file_atomically(folder.path() / "missing/file", "text"), std::system_error);
}

}  // namespace
}  // namespace koshin
