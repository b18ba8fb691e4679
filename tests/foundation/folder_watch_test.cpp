// SPDX-License-Identifier: MIT
// A folder's watch tells of each way in which a file changes, once, and says why it cannot.
#include "foundation/system/folder_watch.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "foundation/system/event_loop.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {
namespace {

TEST(FolderWatch, TellsOfFilesThatAreMadeWrittenRenamedAndRemoved) {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "koshin.toml", other = directory.path() / "other.toml";
  const auto write = [](const std::filesystem::path& path, const char* text) {
    std::ofstream(path, std::ios::app) << text;
  };
  write(file, "there before\n");
  FolderWatch watch(directory.path());
  ASSERT_EQ(watch.obstacle(), "");
  EventLoop loop;
  int told = 0;
  const auto watched = loop.on(watch.handle(), [&] {
    (void)watch.take();
    ++told;
  });
  const auto expect_told_of = [&](const char* what, const std::function<void()>& change) {
    told = 0;
    change();
    loop.run_once();
    EXPECT_GT(told, 0) << what;
  };
  expect_told_of("written", [&] { write(file, "more\n"); });
  expect_told_of("made", [&] { write(other, "new\n"); });
  expect_told_of("put in another's place", [&] { std::filesystem::rename(other, file); });
  expect_told_of("removed", [&] { std::filesystem::remove(file); });
  // A system may tell of one change in several parts, and then no more.
  int rounds = 0;
  for (int before = -1; before != told && rounds < 20; ++rounds) {
    before = told;
    loop.post([] {});
    loop.run_once();
  }
  EXPECT_LT(rounds, 20) << "what was taken is told again and again";
}

TEST(FolderWatch, OfNamesTellsNothingOfWhatIsInAFile) {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "koshin";
  std::ofstream(file) << "there before\n";
  FolderWatch watch(directory.path(), FolderWatch::Of::names);
  ASSERT_EQ(watch.obstacle(), "");
  EventLoop loop;
  int told = 0;
  const auto watched = loop.on(watch.handle(), [&] {
    (void)watch.take();
    ++told;
  });
  std::ofstream(file, std::ios::app) << "more\n";
  std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now());
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  loop.post([] {});
  loop.run_once();
  EXPECT_EQ(told, 0);
  std::filesystem::rename(file, directory.path() / "other");
  loop.run_once();
  EXPECT_GT(told, 0);
}

TEST(FolderWatch, TellsThatTheFolderItselfWasRemoved) {
  const TemporaryDirectory directory;
  const auto folder = directory.path() / "settings";
  std::filesystem::create_directory(folder);
  FolderWatch watch(folder);
  ASSERT_EQ(watch.obstacle(), "");
  EventLoop loop;
  int told = 0;
  const auto watched = loop.on(watch.handle(), [&] {
    (void)watch.take();
    ++told;
  });
  ASSERT_TRUE(std::filesystem::remove(folder));
  std::error_code ignored;
  if (std::filesystem::exists(folder, ignored))
    GTEST_SKIP() << "this system keeps a folder as long as it is watched, as wine does";
  loop.run_once();
  EXPECT_GT(told, 0);
}

TEST(FolderWatch, SaysWhyAFolderIsNotWatched) {
  const TemporaryDirectory directory;
  EXPECT_NE(FolderWatch(directory.path() / "none").obstacle(), "");
}

}  // namespace
}  // namespace koshin::test
