// SPDX-License-Identifier: MIT
// koshin.log in the state folder, which receives a worker's log while a person uses the terminal: two files
// of at most 1 MiB, with mode 0600.
#pragma once

#include <cstddef>
#include <cstdint>

namespace koshin::log {

inline constexpr std::uintmax_t largest_log_file = 1024UL * 1024;
/// Space for one run: a file with less space left is rotated before the run.
inline constexpr std::uintmax_t room_for_one_run = 128UL * 1024;

/// Opens the file for appending; a full one is renamed to koshin.log.1. -1 when it cannot be written.
int open_log_file() noexcept;
/// Whether `bytes` more bytes fit into the log file; true for descriptors of other files. Async-signal-safe.
bool fits_log_file(int descriptor, std::size_t bytes) noexcept;

}  // namespace koshin::log
