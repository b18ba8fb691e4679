// SPDX-License-Identifier: MIT
// Writing a file so that readers see the old contents or the new, whatever happens in between.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace koshin {

/// Writes a new file beside `path`, makes it durable, and renames it over `path`. `mode` are its POSIX
/// permissions. A symbolic link at `path` is replaced, not followed. Throws std::system_error naming the
/// path; nothing is left behind.
void write_file_atomically(const std::filesystem::path& path, std::string_view contents,
                           unsigned mode = 0600);

/// How large a file this process may write (ulimit -f), in bytes; the largest number without a limit.
std::uintmax_t largest_file_allowed() noexcept;

}  // namespace koshin
