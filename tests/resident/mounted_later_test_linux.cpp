// SPDX-License-Identifier: MIT
// Settings that a link leads to, on a file system that is mounted after the agent's start, over a folder that
// is there and empty: no watch tells of it. In a mount namespace of the test's own.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>

#include "foundation/base/clock.hpp"
#include "resident/repair_watch.hpp"
#include "resident/settings_watch.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::resident {
namespace {

namespace fs = std::filesystem;

constexpr int refused = 250, broken = 251;

bool in_own_namespace() {
  return ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

/// The settings are wrong, and then those of the file system that is mounted. Returns what went wrong.
int settings_come_with_the_mount(const fs::path& folder) {
  const fs::path mount_point = folder / "share", link = folder / "koshin.toml";
  fs::create_directory(mount_point);
  fs::create_symlink(mount_point / "koshin.toml", link);
  if (!in_own_namespace()) return errno == EPERM || errno == EACCES || errno == ENOSYS ? refused : broken;
  SettingsSources sources;
  sources.only = link;
  SettingsWatch settings(sources);
  if (!settings.mistake() || !settings.leads_nowhere()) return 1;
  EventLoop loop;
  int looks = 0;
  const auto look = [&] {
    ++looks;
    settings.refresh();
  };
  const RepairWatch watch(
      loop, settings.folders(), look, [&] { return settings.leads_nowhere(); }, std::chrono::seconds{3});
  while (looks == 0) loop.run_once();
  if (!settings.mistake()) return 2;
  if (::mount("tmpfs", mount_point.c_str(), "tmpfs", 0, "mode=0755,size=64k") != 0) return broken;
  std::ofstream(mount_point / "koshin.toml") << "[log]\nlevel = \"debug\"\n";
  bool late = false;
  Alarm alarm(loop, [&](Alarm::Why) { late = true; });
  alarm.set(current_time() + std::chrono::seconds{30});
  while (settings.mistake() && !late) loop.run_once();
  if (settings.mistake()) return 3;
  return settings.leads_nowhere() ? 4 : 0;
}

TEST(MountedLater, SettingsAreFoundWithoutAWord) {
  const test::TemporaryDirectory folder;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(settings_come_with_the_mount(folder.path()));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == refused)
    GTEST_SKIP() << "skipped: this environment lets nobody mount a file system, not even a private one";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

/// Else the agent is woken by nothing but changes, and once an hour.
TEST(MountedLater, AFileIsNotLookedForWhereNoLinkIsTheReason) {
  const test::TemporaryDirectory folder;
  EventLoop loop;
  int looks = 0;
  const RepairWatch watch(
      loop, {folder.path()}, [&] { ++looks; }, [] { return false; }, std::chrono::seconds{1});
  bool over = false;
  Alarm alarm(loop, [&](Alarm::Why) { over = true; });
  alarm.set(current_time() + std::chrono::seconds{5});
  while (!over) loop.run_once();
  EXPECT_EQ(looks, 1) << "the one at the beginning";
}

}  // namespace
}  // namespace koshin::resident
