// SPDX-License-Identifier: MIT
// Writing to standard output, and knowing whether it arrived.
#pragma once

#include <string>
#include <string_view>

namespace koshin::cli {

/// The fate of all output so far.
enum class Output {
  written,
  unread,  ///< whoever was reading has had enough, as in `koshin history | head`
  lost,    ///< a full disk, a closed stream
};

/// Writes to standard output, unbuffered.
void write_output(std::string_view text) noexcept;
Output output_so_far() noexcept;
/// The system's error message for lost output; empty when none was lost.
std::string why_output_was_lost();

}  // namespace koshin::cli
