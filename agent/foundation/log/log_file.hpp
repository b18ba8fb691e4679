// SPDX-License-Identifier: MIT
// koshin.log in the state folder, which receives a worker's log while a person uses the terminal: two files
// of at most 1 MiB, with mode 0600.
#pragma once

#include <cstddef>
#include <cstdint>

#include "foundation/system/handle.hpp"

namespace koshin::log {

inline constexpr std::uintmax_t largest_log_file = 1024UL * 1024;
/// Space for one run: a file with less space left is rotated before the run.
inline constexpr std::uintmax_t room_for_one_run = 128UL * 1024;

/// Opens it for appending; the one that is full becomes koshin.log.1. None when it cannot be written.
Handle open_log_file() noexcept;
/// False when `to` leads to that file and so many bytes would take it beyond its limit. May be asked in a
/// signal handler.
bool fits_log_file(NativeHandle to, std::size_t bytes) noexcept;

}  // namespace koshin::log
