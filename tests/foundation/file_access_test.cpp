// SPDX-License-Identifier: MIT
#include "foundation/system/file_access.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

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

/// A file that nobody else writes, behind a link in a folder that anybody does, behind a link.
class Links : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* const folder : {"safe", "open", "far"}) std::filesystem::create_directory(at(folder));
    test::write_file(at("far/file"), "x");
    std::filesystem::create_symlink(at("far/file"), at("open/link"));
    std::filesystem::create_symlink("../open/link", at("safe/link"));
    chmod(at("open").c_str(), 0755);
  }
  std::filesystem::path at(const std::string& name) const { return folder_.path() / name; }

 private:
  test::TemporaryDirectory folder_;
};

TEST_F(Links, AreFollowedAndEachFolderOnTheWayCounts) {
  EXPECT_TRUE(GuardedFile::open(at("safe/link"), Guard::write));
  chmod(at("open").c_str(), 0777);
  EXPECT_THROW(GuardedFile::open(at("safe/link"), Guard::write), UnsafeFile);
  EXPECT_THROW(check_nobody_else_writes(at("safe/link")), UnsafeFile);
  chmod(at("open").c_str(), 01777);
  EXPECT_TRUE(GuardedFile::open(at("safe/link"), Guard::write)) << "nobody else can change one of ours there";
}

TEST_F(Links, OfAnotherUserInAFolderForAllAreRefused) {
  chmod(at("open").c_str(), 01777);
  if (lchown(at("open/link").c_str(), 12345, 12345) != 0)
    GTEST_SKIP() << "skipped: only root can give links away";
  EXPECT_THROW(GuardedFile::open(at("safe/link"), Guard::write), UnsafeFile);
}

TEST_F(Links, ADotDotLeadsUpFromWhereTheLinkHasLed) {
  std::filesystem::create_directory(at("far/deep"));
  std::filesystem::create_symlink(at("far/deep"), at("safe/deep"));
  EXPECT_TRUE(GuardedFile::open(at("safe/deep/../file"), Guard::write));
  chmod(at("far").c_str(), 0777);
  EXPECT_THROW(GuardedFile::open(at("safe/deep/../file"), Guard::write), UnsafeFile);
}

TEST_F(Links, ThatLeadToEachOtherAreAnError) {
  std::filesystem::create_symlink("two", at("safe/one"));
  std::filesystem::create_symlink("one", at("safe/two"));
  EXPECT_THROW(GuardedFile::open(at("safe/one"), Guard::write), std::system_error);
}

}  // namespace
}  // namespace koshin
