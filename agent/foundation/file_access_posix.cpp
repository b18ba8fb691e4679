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
#include <vector>

#include "foundation/descriptor.hpp"
#include "foundation/file_access.hpp"

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

bool is_open_to_others(const struct stat& status) {
  return (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

/// Who can write to a folder can put another one in the place of what is in it; a sticky folder protects
/// that. True for such a one, in which anybody may leave links of their own.
bool check_folder(const std::filesystem::path& folder, Guard guard) {
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) fail_on(folder);
  if (is_open_to_others(status) && (status.st_mode & S_ISVTX) == 0)
    throw UnsafeFile(folder.string() + ": this folder can be written by group or others: chmod go-w");
  if (!trusted_owner(status.st_uid, guard, folder))
    throw UnsafeFile(folder.string() + ": this folder " + wrong_owner(status.st_uid, guard));
  return is_open_to_others(status);
}

void put_before(std::vector<std::filesystem::path>& left, const std::filesystem::path& path) {
  const std::vector<std::filesystem::path> names(path.begin(), path.end());
  left.insert(left.end(), names.rbegin(), names.rend());
}

/// Walks the way that the system goes, through every link, and checks each folder on it: whoever can write
/// one of them chooses where the way leads.
void check_way(const std::filesystem::path& path, Guard guard) {
  constexpr int most_links = 40;  // as Linux itself
  std::vector<std::filesystem::path> left;
  put_before(left, std::filesystem::absolute(path));
  std::filesystem::path at = "/";
  for (int links = 0; !left.empty();) {
    const std::filesystem::path name = std::move(left.back());
    left.pop_back();
    if (name.is_absolute()) at = "/";
    if (name == "..") at = at.parent_path();
    if (name.empty() || name.is_absolute() || name == "." || name == "..") continue;
    const bool anybodys = check_folder(at, guard);
    std::filesystem::path next = at / name;
    struct stat status {};
    if (lstat(next.c_str(), &status) != 0) fail_on(next);
    if (!S_ISLNK(status.st_mode)) {
      at = std::move(next);
      continue;
    }
    // By its number alone: where a link lies says nothing of who has left it in a folder for all.
    const bool own = guard != Guard::administrator && status.st_uid == geteuid();
    if (anybodys && status.st_uid != 0 && !own)
      throw UnsafeFile(next.string() + ": this link " + wrong_owner(status.st_uid, guard));
    if (++links > most_links) throw UnsafeFile(path.string() + ": links without end");
    put_before(left, std::filesystem::read_symlink(next));
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
  check_way(path, guard);
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
