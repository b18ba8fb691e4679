// SPDX-License-Identifier: MIT
// Reading and writing file descriptors without buffers in between, for pipes that carry secrets.
#pragma once

#include <span>
#include <string>

namespace koshin {

/// What is there now, waiting for at least one byte; 0 at the end. Throws std::system_error.
std::size_t read_some(int descriptor, std::span<char> into);
/// All of it. Throws std::system_error. A closed pipe raises SIGPIPE unless the program ignores it.
void write_all(int descriptor, std::span<const char> bytes);

/// A descriptor of this process's own for what `descriptor` leads to, above 2 and closed in children. Throws
/// std::system_error.
int keep_own(int descriptor);
/// For a descriptor that was just opened, or a call's -1: the same, above 2. A loaded library may close 0, 1
/// and 2 at any time and go on writing to them; what this process opens next would get those numbers, and
/// what is written. -1 and errno when there is no other number.
int out_of_reach(int descriptor) noexcept;
/// Makes `descriptor` lead to what `target` leads to, and children inherit it, also where the two are one
/// (dup2() would leave FD_CLOEXEC as it is). Throws std::system_error.
void lead_to(int target, int descriptor);
/// Makes `descriptor` an open end of /dev/null: what a loaded library reads from it or writes to it is
/// nobody's. Throws std::system_error.
enum class Direction { reading, writing };
void lead_nowhere(int descriptor, Direction direction);

/// Reads byte by byte up to a newline, so that what follows the line stays in the pipe. The newline is left
/// out. Throws std::length_error for a longer line, std::system_error.
struct LineResult {
  std::size_t size = 0;
  bool ended = false;  ///< the input ended before a newline
};
LineResult read_line_unbuffered(int descriptor, std::span<char> into);

}  // namespace koshin
