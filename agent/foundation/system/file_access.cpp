// SPDX-License-Identifier: MIT
// The portable part of guarded files.
#include "foundation/system/file_access.hpp"

#include <array>
#include <system_error>

namespace koshin {

void check_nobody_else_writes(const std::filesystem::path& path) {
  if (!GuardedFile::open(path, Guard::write))
    throw std::system_error(std::make_error_code(std::errc::no_such_file_or_directory), path.string());
}

void check_library(const std::filesystem::path& path) {
  try {
    check_nobody_else_writes(path);
  } catch (const NotAFile&) {
    if (!std::filesystem::is_directory(path)) throw;
    throw NotAFile(path.string() + " is a folder: name the module's file in it");
  }
}

std::optional<std::string> read_administrators_file(const std::filesystem::path& path, std::size_t limit) {
  try {
    return read_guarded_file(path, Guard::administrator, limit);
  } catch (const UnsafeFile&) {  // what is wrong with it is said by whoever reads it as somebody else's
    return std::nullopt;
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

std::optional<std::string> read_guarded_file(const std::filesystem::path& path, Guard guard,
                                             std::size_t limit) {
  auto file = GuardedFile::open(path, guard);
  if (!file) return std::nullopt;
  std::string text;
  std::array<char, 16384> chunk{};
  while (const std::size_t count = file->read(chunk)) {
    if (text.size() + count > limit)
      throw std::length_error(path.string() + ": larger than " + std::to_string(limit) +
                              " bytes: make it smaller, or name another file");
    text.append(chunk.data(), count);
  }
  return text;
}

}  // namespace koshin
