// SPDX-License-Identifier: MIT
// The lines of a child's standard output, on every system.
#pragma once

#include "foundation/system/child_process.hpp"
#include "foundation/system/line_buffer.hpp"

namespace koshin {

/// ChildProcess::read_line() by means of `child`'s read_some(). `lines` keeps what has come beyond the line.
ChildProcess::Read read_line_of(ChildProcess& child, LineBuffer& lines, std::string& line,
                                std::chrono::steady_clock::time_point until, std::size_t max_line);

}  // namespace koshin
