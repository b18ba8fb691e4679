// SPDX-License-Identifier: MIT
// Guarded files on POSIX systems.
#include <fcntl.h>
#include <grp.h>
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

#include "foundation/system/file_access.hpp"
#include "foundation/system/handle_io.hpp"

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
/// `real_path`: without links.
bool is_in_roots_place(const std::filesystem::path& real_path) {
  static constexpr std::array<std::string_view, 6> whole{"/etc", "/usr",   "/opt",
                                                         "/lib", "/lib64", "/nix/store"};
  static constexpr std::array<std::string_view, 12> alone{"/",        "/home",    "/var", "/var/lib",
                                                          "/var/tmp", "/run",     "/tmp", "/run/user",
                                                          "/dev",     "/dev/shm", "/srv", "/nix"};
  const std::string& real = real_path.native();
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

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "a socket";
}

/// In a user namespace that knows no other groups, what is in root's place is root's to have given away.
bool is_secret_group(gid_t group, const std::filesystem::path& path) {
  std::array<char, 16384> buffer{};
  struct group entry {};
  struct group* found = nullptr;
  getgrnam_r(secret_group, &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return false;
  return group == found->gr_gid || (group == overflow_user() && !knows_root() && is_in_roots_place(path));
}

/// A secret that is no single person's.
std::string objection_to_shared(const struct stat& status, const std::filesystem::path& path) {
  if ((status.st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) != 0)
    return "can be written by its group, or read or written by others: chmod 640";
  if ((status.st_mode & S_IRGRP) != 0 && !is_secret_group(status.st_gid, path))
    return "can be read by a group that is not \"" + std::string(secret_group) + "\": chgrp " + secret_group +
           ", or chmod go-rwx";
  return {};
}

/// Empty when the guard allows it; else what is wrong with the file and what to do about it.
std::string objection(const struct stat& status, Guard guard, const std::filesystem::path& path) {
  if (!trusted_owner(status.st_uid, guard, path)) return wrong_owner(status.st_uid, guard);
  if (guard == Guard::shared_read && is_roots(status.st_uid, path)) return objection_to_shared(status, path);
  const bool is_secret = guard == Guard::read || guard == Guard::shared_read;
  if (is_secret && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
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

/// Whoever owns a link in a sticky folder can turn it, whatever folder it stands in.
void check_link(const std::filesystem::path& link, const struct stat& status, Guard guard) {
  if (!trusted_owner(status.st_uid, guard, link))
    throw UnsafeFile(link.string() + ": this link " + wrong_owner(status.st_uid, guard));
}

/// The parts of a path, last one first, so that they are taken off the end.
std::vector<std::filesystem::path> parts_of(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> parts(path.begin(), path.end());
  std::reverse(parts.begin(), parts.end());
  return parts;
}

/// Walks to the file as the kernel does, link by link, and looks at every folder and link that it goes
/// through: what nobody else can turn aside leads to the same place when the file is opened by its name once
/// more. Returns where the file really lies.
std::filesystem::path check_way(const std::filesystem::path& path, Guard guard) {
  constexpr int most_links = 40;  // as path_resolution(7)
  auto left = parts_of(std::filesystem::absolute(path));
  std::filesystem::path at = "/";
  for (int links = 0; !left.empty();) {
    const std::filesystem::path part = std::move(left.back());
    left.pop_back();
    if (part.empty() || part == "." || part == "/") continue;
    check_folder(at, guard);
    if (part == "..") {
      at = at.parent_path();
      continue;
    }
    struct stat status {};
    if (lstat((at / part).c_str(), &status) != 0) fail_on(path);
    if (!S_ISLNK(status.st_mode)) {
      at /= part;
      continue;
    }
    check_link(at / part, status, guard);
    if (++links > most_links) throw std::system_error(ELOOP, std::generic_category(), path.string());
    const auto target = std::filesystem::read_symlink(at / part);
    const auto further = parts_of(target);
    left.insert(left.end(), further.begin(), further.end());
    if (target.is_absolute()) at = "/";
  }
  return at;
}

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace

std::optional<GuardedFile> GuardedFile::open(const std::filesystem::path& path, Guard guard) {
  // O_NONBLOCK: a named pipe in the file's place must not hold the program up.
  Handle handle(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!handle) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail_on(path);
  }
  GuardedFile file(path, std::move(handle));
  struct stat status {};
  if (fstat(file.handle_.get(), &status) != 0) fail_on(path);
  if (!S_ISREG(status.st_mode))
    throw NotAFile(path.string() + ": this is " + std::string(kind_of(status.st_mode)) +
                   ", and not a regular file");
  const auto real = check_way(path, guard);
  if (const std::string problem = objection(status, guard, real); !problem.empty())
    throw UnsafeFile(path.string() + ": this file " + problem);
  struct stat there {};
  if (lstat(real.c_str(), &there) != 0) fail_on(path);
  if (!same_file(status, there))
    throw UnsafeFile(path.string() + ": this file was changed while it was opened");
  return file;
}

std::string why_not_executable(const std::filesystem::path& path) {
  return ::access(path.c_str(), X_OK) == 0 ? "" : "this file is not executable: chmod +x";
}

std::size_t GuardedFile::read(std::span<char> into) {
  return read_some(handle_.get(), into);
}

std::string GuardedFile::stamp() const {
  struct stat status {};
  if (fstat(handle_.get(), &status) != 0) fail_on(path_);
  return path_.string() + ' ' + std::to_string(status.st_mtim.tv_sec) + '.' +
         std::to_string(status.st_mtim.tv_nsec) + ' ' + std::to_string(status.st_size);
}

}  // namespace koshin
