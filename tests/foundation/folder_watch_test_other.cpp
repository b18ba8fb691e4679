// SPDX-License-Identifier: MIT
// Where nothing tells of changes, the watch says so, and a program's own is looked at all the same.
#include "foundation/system/folder_watch.hpp"

#include <gtest/gtest.h>

#include "foundation/system/program_watch.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

TEST(FolderWatch, SaysThatAFolderIsNotWatched) {
  const test::TemporaryDirectory directory;
  FolderWatch watch(directory.path());
  EXPECT_NE(watch.obstacle(), "");
  EXPECT_EQ(watch.handle(), no_handle);
  EXPECT_TRUE(watch.take());
}

TEST(ProgramWatch, IsLookedAtWithoutAHandle) {
  ProgramWatch watch;
  EXPECT_NE(watch.obstacle(), "");
  EXPECT_EQ(watch.handle(), no_handle);
  EXPECT_EQ(watch.look(), ProgramWatch::State::same);
}

}  // namespace
}  // namespace koshin
