// SPDX-License-Identifier: MIT
#include "foundation/system/file_access.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <array>

#include "files.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

TEST(GuardedFile, OfASecretMustBeUnreadableToOthers) {
  const test::TemporaryDirectory folder;
  const auto file = test::write_file(folder.path() / "pin", "123456\n");
  EXPECT_EQ(read_guarded_file(file, Guard::read, 100), "123456\n");
  for (const mode_t mode : {0604, 0640, 0610, 0622}) {
    chmod(file.c_str(), mode);
    EXPECT_THROW(GuardedFile::open(file, Guard::read), UnsafeFile) << std::oct << mode;
  }
  chmod(file.c_str(), 0644);
  EXPECT_TRUE(GuardedFile::open(file, Guard::write));
}

TEST(GuardedFile, ThatIsMissingIsNoError) {
  const test::TemporaryDirectory folder;
  EXPECT_FALSE(GuardedFile::open(folder.path() / "missing", Guard::write));
  EXPECT_FALSE(GuardedFile::open(folder.path() / "missing/deeper", Guard::write));
  test::write_file(folder.path() / "file", "");
  EXPECT_FALSE(GuardedFile::open(folder.path() / "file/deeper", Guard::write));
}

TEST(GuardedFile, IsReadUpToALimit) {
  const test::TemporaryDirectory folder;
  const auto file = test::write_file(folder.path() / "file", std::string(100, 'x'));
  EXPECT_EQ(read_guarded_file(file, Guard::write, 100)->size(), 100U);
  EXPECT_THROW(read_guarded_file(file, Guard::write, 99), std::length_error);
}

TEST(GuardedFile, StampChangesWithTheFile) {
  const test::TemporaryDirectory folder;
  const auto file = test::write_file(folder.path() / "file", "one");
  const std::string before = GuardedFile::open(file, Guard::write)->stamp();
  EXPECT_EQ(GuardedFile::open(file, Guard::write)->stamp(), before);
  test::write_file(file, "other");
  const std::string after = GuardedFile::open(file, Guard::write)->stamp();
  EXPECT_NE(after, before);
  EXPECT_THAT(after, testing::Not(testing::HasSubstr("other")));
}

}  // namespace
}  // namespace koshin
