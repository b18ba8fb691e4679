// SPDX-License-Identifier: MIT
// One holder at a time, who is named. (Across processes: tests/renewal/processes_test.cpp.)
#include "foundation/system/file_lock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <system_error>

#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(FileLockTest, OnlyOneHoldsItAndItsHolderIsNamed) {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "some.lock";
  auto first = FileLock::acquire(file);
  ASSERT_TRUE(std::holds_alternative<std::unique_ptr<FileLock>>(first));
  const auto second = FileLock::acquire(file);
  const auto* const holder = std::get_if<FileLock::Holder>(&second);
  ASSERT_NE(holder, nullptr);
  EXPECT_EQ(holder->process, getpid());
  EXPECT_THAT(holder->description(), StartsWith("process " + std::to_string(getpid()) + " ("));
  first = FileLock::Holder{};
  EXPECT_TRUE(std::holds_alternative<std::unique_ptr<FileLock>>(FileLock::acquire(file)));
}

TEST(FileLockTest, WhoTriesAgainIsToldOnlyWhetherItIsHeld) {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "some.lock";
  auto first = FileLock::try_acquire(file);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(FileLock::try_acquire(file), nullptr);
  EXPECT_TRUE(FileLock::held_by(file));
  first.reset();
  EXPECT_FALSE(FileLock::held_by(file));
  EXPECT_NE(FileLock::try_acquire(file), nullptr);
  EXPECT_THROW((void)FileLock::try_acquire(directory.path() / "none/some.lock"), std::system_error);
}

TEST(FileLockTest, ALinkInItsPlaceIsNotFollowedAndTheFileIsNamed) {
  const test::TemporaryDirectory directory;
  const auto link = directory.path() / "some.lock";
  std::filesystem::create_symlink(directory.path() / "elsewhere", link);
  try {
    (void)FileLock::acquire(link);
    FAIL() << "the link was followed";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), HasSubstr(link.string()));
  }
}

}  // namespace
}  // namespace koshin
