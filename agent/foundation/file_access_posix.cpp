// SPDX-License-Identifier: MIT
// Guarded files on POSIX systems.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

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

/// Where root's number cannot be seen, the place tells: nobody but root puts anything below /etc.
bool is_in_roots_place(const std::filesystem::path& path) {
  std::error_code error;
  const std::string real = std::filesystem::canonical(path, error).string();
  return !error && (real == "/etc" || real.starts_with("/etc/"));
}

bool trusted_owner(uid_t owner, const std::filesystem::path& path) {
  if (owner == 0 || owner == geteuid()) return true;
  return owner == overflow_user() && !knows_root() && is_in_roots_place(path);
}

/// Empty when the guard allows it; else what is wrong with the file and what to do about it.
std::string objection(const struct stat& status, Guard guard, const std::filesystem::path& path) {
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if (!trusted_owner(status.st_uid, path)) {
    return "belongs to user number " + std::to_string(status.st_uid) +
           ": give it to root or to the user who runs this program";
  }
  if (guard == Guard::read && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return "can be read or written by group or others: chmod go-rwx";
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "can be written by group or others: chmod go-w";
  return {};
}

/// Who can write to the folder can put another file in the place of this one; a sticky folder protects what
/// is in it.
void check_folder(const std::filesystem::path& path) {
  const auto folder = std::filesystem::absolute(path).parent_path();
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) fail_on(folder);
  const bool open_to_others = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (status.st_mode & S_ISVTX) == 0;
  if (open_to_others)
    throw UnsafeFile(folder.string() + ": this folder can be written by group or others: chmod go-w");
  if (!trusted_owner(status.st_uid, folder)) {
    throw UnsafeFile(folder.string() + ": this folder belongs to user number " +
                     std::to_string(status.st_uid) +
                     ": give it to root or to the user who runs this program");
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
  check_folder(path);
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
