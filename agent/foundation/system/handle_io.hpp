// SPDX-License-Identifier: MIT
// Reading and writing without buffers in between, for pipes that carry secrets.
#pragma once

#include <chrono>
#include <span>
#include <string>

#include "foundation/system/handle.hpp"

namespace koshin {

/// What is there now, waiting for at least one byte; 0 at the end. Throws std::system_error.
std::size_t read_some(NativeHandle from, std::span<char> into);
/// All of it. Throws std::system_error. A reader that is gone ends the program, unless it has called
/// outlive_readers().
void write_all(NativeHandle to, std::span<const char> bytes);
/// Until there is something to read, or the end. False when `limit` is over. Throws std::system_error.
bool wait_until_readable(NativeHandle from, std::chrono::milliseconds limit);

/// Reads byte by byte up to a newline, so that what follows the line stays in the pipe. The newline is left
/// out. Throws std::length_error for a longer line, std::system_error.
struct LineResult {
  std::size_t size = 0;
  bool ended = false;  ///< the input ended before a newline
};
LineResult read_line_unbuffered(NativeHandle from, std::span<char> into);

}  // namespace koshin
