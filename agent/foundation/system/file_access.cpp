// SPDX-License-Identifier: MIT
// The portable part of guarded files.
#include "foundation/system/file_access.hpp"

#include <array>

namespace koshin {

void check_nobody_else_writes(const std::filesystem::path& path) {
  (void)GuardedFile::open(path, Guard::write);
}

bool only_administrator_writes(const std::filesystem::path& path) {
  try {
    return GuardedFile::open(path, Guard::administrator).has_value();
  } catch (const std::exception&) {  // what is wrong with it is said by whoever reads it
    return false;
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
      throw std::length_error(path.string() + ": larger than " + std::to_string(limit) + " bytes");
    text.append(chunk.data(), count);
  }
  return text;
}

}  // namespace koshin
