// SPDX-License-Identifier: MIT
// A lock that another process may hold for a while.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>

#include "foundation/system/file_lock.hpp"

namespace koshin {

/// Tries FileLock::try_acquire() at once and again after each pause. Null where another process held the lock
/// until `longest` was over, or a stop was requested. Throws std::system_error as FileLock does.
std::unique_ptr<FileLock> wait_for_lock(const std::filesystem::path& file, std::chrono::milliseconds longest,
                                        std::chrono::milliseconds pause, const std::stop_token& stop = {});

}  // namespace koshin
