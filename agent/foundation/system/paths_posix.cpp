// SPDX-License-Identifier: MIT
// XDG base directories, and the running executable, which each system tells in its own way.
#define BOOST_DLL_USE_STD_FS
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/dll/runtime_symbol_info.hpp>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include "foundation/failures/failure.hpp"
#include "foundation/system/foreign_home.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/state_folder.hpp"

namespace koshin::paths {
namespace {

namespace fs = std::filesystem;

/// A variable's value when it is an absolute path: the XDG specification says to ignore others.
fs::path from_environment(const char* name) {
  const char* const value = std::getenv(name);
  const fs::path path = value == nullptr ? "" : value;
  return path.is_absolute() ? path : fs::path{};
}

/// Empty where the system knows no such account.
fs::path home_of(uid_t user) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? fs::path{} : found->pw_dir;
}

fs::path home() {
  if (fs::path path = from_environment("HOME"); !path.empty()) return path;
  fs::path path = home_of(geteuid());
  if (!path.is_absolute()) fail(Reason::journal_unusable, "this user has no home folder: set HOME");
  return path;
}

/// state_directory(), perhaps not made yet.
fs::path state_folder() {
  fs::path base = from_environment("XDG_STATE_HOME");
  if (base.empty()) base = home() / ".local/state";
  return base / "koshin";
}

bool is_own_folder(const fs::path& folder) {
  struct stat status {};
  return stat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid();
}

bool is_within(const fs::path& path, const fs::path& folder) {
  const auto [behind, end] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return behind == folder.end();
}

/// Whoever has become root by sudo.
bool has_called_sudo(uid_t user) {
  const char* const caller = std::getenv("SUDO_UID");
  return caller != nullptr && caller == std::to_string(user);
}

/// Makes the folder (0700) and those above it, and makes sure that it is the caller's own.
fs::path private_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder.parent_path(), error);
  if (mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    fail(errno == ENOSPC || errno == EDQUOT ? Reason::disk_full : Reason::journal_unusable,
         folder.string() + ": cannot make this folder: " + std::generic_category().message(errno));
  }
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
    fail(Reason::journal_unusable, folder.string() + ": this is not a folder");
  if (status.st_uid != geteuid()) {
    fail(Reason::journal_unusable,
         folder.string() + ": this folder belongs to user number " + std::to_string(status.st_uid));
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0 && chmod(folder.c_str(), S_IRWXU) != 0) {
    fail(Reason::journal_unusable,
         folder.string() + ": cannot make this folder private: " + std::generic_category().message(errno));
  }
  return folder;
}

}  // namespace

std::string why_not_as_root(const fs::path& path) {
  if (geteuid() != 0) return {};
  struct stat status {};
  fs::path above = path;
  while (stat(above.c_str(), &status) != 0 && above.has_relative_path()) above = above.parent_path();
  const uid_t owner = status.st_uid;
  if (owner == 0) return {};
  const fs::path home = home_of(owner);
  const bool is_at_home = home.has_relative_path() && is_within(above, home);
  if (!is_at_home && !has_called_sudo(owner)) return {};
  return above.string() + ": this folder belongs to user number " + std::to_string(owner) +
         ", and root would make its own files there: run this as that user, or with root's HOME (sudo -H)";
}

fs::path state_directory() {
  const fs::path folder = state_folder();
  if (from_environment("XDG_STATE_HOME").empty())  // else somebody has chosen the place
    if (std::string why = why_not_as_root(folder); !why.empty())
      fail(Reason::journal_unusable, std::move(why));
  return private_folder(folder);
}

bool has_state_directory() {
  std::error_code error;
  return fs::exists(state_folder(), error) || error;  // what cannot be looked at is no empty place
}

fs::path runtime_directory() {
  // Locks live here, so every process of a user must come to the same answer: one started by cron has no
  // XDG_RUNTIME_DIR and one started through su has another user's.
  for (const fs::path& base :
       {from_environment("XDG_RUNTIME_DIR"), fs::path("/run/user") / std::to_string(geteuid())}) {
    if (!base.empty() && is_own_folder(base)) return private_folder(base / "koshin");
  }
  return private_folder(state_directory() / "run");
}

fs::path user_settings_file() {
  fs::path base = from_environment("XDG_CONFIG_HOME");
  if (base.empty()) base = home() / ".config";
  return base / "koshin" / "koshin.toml";
}

fs::path system_settings_directory() {
  return "/etc/koshin";
}

fs::path self() {
  std::error_code error;
  const fs::path path = boost::dll::program_location(error);
  // Boost takes some systems' answer unseen, and one that is no path may be anything.
  const bool usable = path.is_absolute() || (!path.empty() && fs::exists(path, error));
  if (error || !usable) fail(Reason::internal_error, "the running executable: " + error.message());
  return fs::absolute(path);
}

fs::path program(const std::string& name) {
  const fs::path beside = self().parent_path() / name;
  return access(beside.c_str(), X_OK) == 0 ? beside : fs::path(KOSHIN_LIBEXECDIR) / name;
}

}  // namespace koshin::paths
