// SPDX-License-Identifier: MIT
// koshin.log in the state folder, which a worker's log goes to while a person looks at the terminal: two
// files of at most 1 MiB, for their owner alone.
#pragma once

#include <cstddef>
#include <cstdint>

namespace koshin::log {

inline constexpr std::uintmax_t largest_log_file = 1024UL * 1024;
/// What one run may add to it: a file without so much room left is set aside before the run.
inline constexpr std::uintmax_t room_for_one_run = 128UL * 1024;

/// Opens it for appending; the one that is full becomes koshin.log.1. -1 when it cannot be written.
int open_log_file() noexcept;
/// False when `descriptor` leads to that file and so many bytes would take it beyond its limit. May be asked
/// in a signal handler.
bool fits_log_file(int descriptor, std::size_t bytes) noexcept;

}  // namespace koshin::log
