// SPDX-License-Identifier: MIT
// Between what module output is on every system (module_output.cpp) and what a system has of its own for it.
#pragma once

#include <cstddef>
#include <string_view>

#include "foundation/system/handle.hpp"

namespace koshin::worker::module_output {

/// From now on, calls of modules are watched: what a module prints while it has a secret is not shown, and no
/// file of this process takes the number of a standard stream that a module has closed.
void watch_module_calls();
/// For a handler of crashes, allocating nothing: `write` gets each line that may be shown of what is kept,
/// and what modules have started is ended.
void tell_of_crash(void (*write)(std::string_view line) noexcept) noexcept;
/// The lines of tell_of_crash() begin with it.
inline constexpr std::string_view crash_line = "koshin-worker: before it crashed, the module printed: ";
inline constexpr std::size_t longest_crash_line = 1000;  ///< bytes of a line that are told

// A system's own:

/// How many bytes `file` has been given, with what modules have printed and not flushed.
std::size_t written_so_far(NativeHandle file) noexcept;

}  // namespace koshin::worker::module_output
