// SPDX-License-Identifier: MIT
// Writing to standard output, and knowing whether it arrived. The system's part is in terminal_posix.cpp.
#pragma once

#include <string>
#include <string_view>

namespace koshin::cli {

/// What has become of everything that was written so far.
enum class Output {
  written,
  unread,  ///< whoever was reading has had enough, as in `koshin history | head`
  lost,    ///< a full disk, a closed descriptor
};

/// Writes to standard output, at once.
void write_output(std::string_view text) noexcept;
Output output_so_far() noexcept;
/// The system's words for why output was lost; empty while none was.
std::string why_output_was_lost();

/// A reader that goes away does not end this program in the middle of its work.
void outlive_readers() noexcept;

}  // namespace koshin::cli
