// SPDX-License-Identifier: MIT
#include "desk_check/browser_use_posix.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "desk_check/chromium_lock_posix.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/file_lock.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

std::string described(const fs::path& process) {
  std::string name;
  std::getline(std::ifstream(process / "comm"), name);
  return "process " + process.filename().string() + (name.empty() ? "" : " (" + printable(name, 32) + ")");
}

/// Whether a process has a file of this folder open, as far as /proc shows: of this user's processes it does.
bool has_file_open(const fs::path& process, const std::string& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(process / "fd", error)) {
    const std::string file = fs::read_symlink(entry.path(), error).string();
    if (!error && file.starts_with(folder + "/")) return true;
  }
  return false;
}

bool is_number(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether it is shown which files processes have open, as Linux does: by links, which other systems' folders
/// of the same name lack. Whoever reads the folder has that one open.
bool open_files_are_shown(const fs::path& processes) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(processes / "self/fd", error))
    if (fs::read_symlink(entry.path(), error).is_absolute()) return true;
  return false;
}

std::optional<std::string> process_with_file_in(const fs::path& profile, const fs::path& processes) {
  std::error_code error;
  const std::string folder = fs::weakly_canonical(profile, error).string();
  for (const auto& entry : fs::directory_iterator(processes, error)) {
    if (is_number(entry.path().filename().string()) && has_file_open(entry.path(), folder))
      return described(entry.path());
  }
  return {};
}

fs::path settings_of_user() {
  const char* configured = std::getenv("XDG_CONFIG_HOME");
  return configured != nullptr && *configured == '/' ? fs::path(configured) : home_of_browsers() / ".config";
}

}  // namespace

std::optional<std::string> user_of_profile(const BrowserProfile& profile, const fs::path& processes) {
  // Firefox holds a record lock on this file for as long as it runs.
  if (const auto holder = FileLock::held_by(profile.folder / ".parentlock")) return holder->description();
  if (open_files_are_shown(processes)) return process_with_file_in(profile.folder, processes);
  return profile.browser == Browser::chromium ? running_chromium(settings_of_user()) : std::nullopt;
}

std::optional<std::string> user_of_profile(const BrowserProfile& profile) {
  return user_of_profile(profile, "/proc");
}

}  // namespace koshin::desk_check
