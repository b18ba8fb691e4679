// SPDX-License-Identifier: MIT
// Reading files whose contents are believed: the owner and the permissions are checked on the open file, not
// on its name.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "foundation/system/handle.hpp"

namespace koshin {

/// Who may be able to do what with a file (and every folder above it) for it to be believed.
enum class Guard {
  write,        ///< nobody but its owner, root or the caller, can write it: settings, modules, anchors
  read,         ///< nobody but that owner can read or write it: secrets
  shared_read,  ///< the same, or it is root's and the group secret_group can read it: the computer's secrets
  administrator,  ///< nobody but root can write it
};

/// Whose members may read the computer's own secrets, such as a proxy's password. An administrator makes it.
inline constexpr const char* secret_group = "koshin";

/// A file that somebody else could have changed or read. what() says who and what to do about it.
class UnsafeFile : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Not a file at all: a folder, a named pipe, a device. what() says which.
class NotAFile : public UnsafeFile {
 public:
  using UnsafeFile::UnsafeFile;
};

/// An open regular file that belongs to root or to the caller, and that the guard allows.
class GuardedFile {
 public:
  /// Empty when there is no such file. Throws UnsafeFile, and NotAFile for what is no regular file;
  /// std::system_error naming the path for anything else. The folders and links on the way to the file must
  /// not be open to others' writing either (a sticky folder like /tmp protects what is in it, but not from
  /// the owner of a link).
  static std::optional<GuardedFile> open(const std::filesystem::path& path, Guard guard);
  /// Unbuffered, straight into the caller's memory; 0 at the end. Throws std::system_error.
  std::size_t read(std::span<char> into);
  /// "path modification-time size": tells a changed file from the same one, without its contents.
  std::string stamp() const;

 private:
  GuardedFile(std::filesystem::path path, Handle handle)
      : path_(std::move(path)), handle_(std::move(handle)) {}
  std::filesystem::path path_;
  Handle handle_;
};

/// Throws UnsafeFile when somebody else can change this file; std::system_error when that cannot be told,
/// also when it is not there: it might be put there between this look and its use.
void check_nobody_else_writes(const std::filesystem::path& path);
/// The same of a library that is to be loaded; of a folder, NotAFile says what to name instead.
void check_library(const std::filesystem::path& path);
/// What keeps the system from running this file as a program, and what to do about it, in English; empty:
/// nothing.
std::string why_not_executable(const std::filesystem::path& path);
/// All of a file that root alone can change, at most `limit` bytes; empty when it is not there or others can.
/// Judged and read through one open file. Throws std::length_error for a larger file.
std::optional<std::string> read_administrators_file(const std::filesystem::path& path, std::size_t limit);

/// All of a file, at most `limit` bytes; empty optional when there is none. Throws as GuardedFile::open, and
/// std::length_error for a larger file.
std::optional<std::string> read_guarded_file(const std::filesystem::path& path, Guard guard,
                                             std::size_t limit);

}  // namespace koshin
