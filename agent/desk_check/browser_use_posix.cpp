// SPDX-License-Identifier: MIT
// Who has a browser's database open.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "desk_check/browser_profiles.hpp"
#include "desk_check/chromium_lock_posix.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/file_lock.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

std::string described(const std::string& process) {
  std::string name;
  std::getline(std::ifstream("/proc/" + process + "/comm"), name);
  return "process " + process + (name.empty() ? "" : " (" + printable(name, 32) + ")");
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

/// Whether /proc shows which files processes have open, as it does on Linux.
bool open_files_are_shown() {
  std::error_code error;
  return fs::is_directory("/proc/self/fd", error);
}

std::optional<std::string> process_with_file_in(const fs::path& profile) {
  std::error_code error;
  const std::string folder = fs::weakly_canonical(profile, error).string();
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const std::string process = entry.path().filename().string();
    if (is_number(process) && has_file_open(entry.path(), folder)) return described(process);
  }
  return {};
}

fs::path settings_of_user() {
  const char* configured = std::getenv("XDG_CONFIG_HOME");
  return configured != nullptr && *configured == '/' ? fs::path(configured) : home_of_browsers() / ".config";
}

}  // namespace

std::optional<std::string> user_of_profile(const BrowserProfile& profile) {
  // Firefox holds a record lock on this file for as long as it runs.
  if (const auto holder = FileLock::held_by(profile.folder / ".parentlock")) return holder->description();
  if (open_files_are_shown()) return process_with_file_in(profile.folder);
  return profile.browser == Browser::chromium ? running_chromium(settings_of_user()) : std::nullopt;
}

}  // namespace koshin::desk_check
