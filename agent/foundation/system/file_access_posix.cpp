// SPDX-License-Identifier: MIT
// Guarded files on POSIX systems.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "foundation/system/descriptor.hpp"
#include "foundation/system/file_access.hpp"

namespace koshin {
namespace {

[[noreturn]] void fail_on(const std::filesystem::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

/// Whether root has a number here at all: a user namespace may know nobody but its own user
/// (user_namespaces(7)). systemd makes one for each unit of a user that is confined (PrivateUsers=).
bool knows_root() {
  std::ifstream map("/proc/self/uid_map");
  unsigned long here = 0, outside = 0, count = 0;
  bool any = false;
  while (map >> here >> outside >> count) {
    if (here == 0) return true;
    any = true;
  }
  return !any;
}

/// What all who have no number here show as.
uid_t overflow_user() {
  constexpr uid_t default_number = 65534;
  uid_t number = default_number;
  std::ifstream("/proc/sys/kernel/overflowuid") >> number;
  return number;
}

/// Where root's number cannot be seen, the place tells: nobody but root puts anything below these.
bool is_in_roots_place(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 6> whole{"/etc", "/usr",   "/opt",
                                                         "/lib", "/lib64", "/nix/store"};
  static constexpr std::array<std::string_view, 12> alone{"/",        "/home",    "/var", "/var/lib",
                                                          "/var/tmp", "/run",     "/tmp", "/run/user",
                                                          "/dev",     "/dev/shm", "/srv", "/nix"};
  std::error_code error;
  const std::string real = std::filesystem::canonical(path, error).string();
  if (error) return false;
  return std::find(alone.begin(), alone.end(), real) != alone.end() ||
         std::any_of(whole.begin(), whole.end(), [&](std::string_view place) {
           return real == place || real.starts_with(std::string(place) + '/');
         });
}

bool is_roots(uid_t owner, const std::filesystem::path& path) {
  return owner == 0 || (owner == overflow_user() && !knows_root() && is_in_roots_place(path));
}

bool trusted_owner(uid_t owner, Guard guard, const std::filesystem::path& path) {
  return is_roots(owner, path) || (guard != Guard::administrator && owner == geteuid());
}

std::string wrong_owner(uid_t owner, Guard guard) {
  return "belongs to user number " + std::to_string(owner) +
         (guard == Guard::administrator ? ": give it to root"
                                        : ": give it to root or to the user who runs this program");
}

/// Empty when the guard allows it; else what is wrong with the file and what to do about it.
std::string objection(const struct stat& status, Guard guard, const std::filesystem::path& path) {
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if (!trusted_owner(status.st_uid, guard, path)) return wrong_owner(status.st_uid, guard);
  if (guard == Guard::read && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return "can be read or written by group or others: chmod go-rwx";
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "can be written by group or others: chmod go-w";
  return {};
}

/// Who can write to a folder can put another one in the place of what is in it; a sticky folder protects it.
void check_folder(const std::filesystem::path& folder, Guard guard) {
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) fail_on(folder);
  const bool open_to_others = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (status.st_mode & S_ISVTX) == 0;
  if (open_to_others)
    throw UnsafeFile(folder.string() + ": this folder can be written by group or others: chmod go-w");
  if (!trusted_owner(status.st_uid, guard, folder))
    throw UnsafeFile(folder.string() + ": this folder " + wrong_owner(status.st_uid, guard));
}

/// Every folder above it, as it is named and, where links stand in the way, as it really lies.
void check_folders(const std::filesystem::path& path, Guard guard) {
  const auto named = std::filesystem::absolute(path).lexically_normal();
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  if (error) throw std::system_error(error, path.string());
  for (const auto& way : {named, real}) {
    for (auto folder = way.parent_path();; folder = folder.parent_path()) {
      check_folder(folder, guard);
      if (folder == folder.root_path()) break;
    }
    if (named == real) break;
  }
}

}  // namespace

std::optional<GuardedFile> GuardedFile::open(const std::filesystem::path& path, Guard guard) {
  // O_NONBLOCK: a named pipe in the file's place must not hold the program up.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail_on(path);
  }
  GuardedFile file(path, descriptor);
  struct stat status {};
  if (fstat(descriptor, &status) != 0) fail_on(path);
  if (const std::string problem = objection(status, guard, path); !problem.empty())
    throw UnsafeFile(path.string() + ": this file " + problem);
  check_folders(path, guard);
  return file;
}

GuardedFile::~GuardedFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

GuardedFile::GuardedFile(GuardedFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

std::size_t GuardedFile::read(std::span<char> into) {
  return read_some(descriptor_, into);
}

std::string GuardedFile::stamp() const {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) fail_on(path_);
  return path_.string() + ' ' + std::to_string(status.st_mtim.tv_sec) + '.' +
         std::to_string(status.st_mtim.tv_nsec) + ' ' + std::to_string(status.st_size);
}

}  // namespace koshin
