// SPDX-License-Identifier: MIT
// Output to standard output, with detection of its loss. The operating system's part is in
// terminal_posix.cpp.
#pragma once

#include <string>
#include <string_view>

namespace koshin::cli {

/// The fate of all output so far.
enum class Output {
  written,
  unread,  ///< the reader has closed the pipe, as in `koshin history | head`
  lost,    ///< a full disk, a closed descriptor
};

/// Writes to standard output, unbuffered.
void write_output(std::string_view text) noexcept;
Output output_so_far() noexcept;
/// The system's error message for lost output; empty when none was lost.
std::string why_output_was_lost();

/// Ignores SIGPIPE: a closed pipe must not end this program during its work.
void outlive_readers() noexcept;

}  // namespace koshin::cli
