// SPDX-License-Identifier: MIT
// The journal's file itself: how it is made, and what becomes of one that is damaged. Both are done by one
// process of the user at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "foundation/base/calendar.hpp"
#include "foundation/system/file_lock.hpp"

namespace koshin::renewal {

/// Waits for other processes, at most half a minute. Throws FailureError{journal_unusable} when the time is
/// over.
std::unique_ptr<FileLock> lock_journal_file();

/// Sees to it that the file is there, with mode 0600; SQLite gives its companion files the same mode. Where a
/// damaged one was being replaced when its process ended, what that had rescued takes its place. `locked`:
/// the caller holds the lock. Throws std::filesystem::filesystem_error.
void provide_file(const std::filesystem::path& file, bool locked);

/// Reading the file has met damage: whichever process opens it next looks through all of it, however large it
/// is. Kept as an empty file beside it; where that cannot be made, the next reading finds the damage again.
void suspect(const std::filesystem::path& file);
bool is_suspect(const std::filesystem::path& file);
/// It was looked through, and is in order or replaced.
void forget_suspicion(const std::filesystem::path& file);

/// Puts a damaged file and its companions aside, and what can still be read of it in its place. Returns what
/// became of it, for people: a path, how much was taken over, what is in doubt. The caller holds the lock.
/// `why`: what SQLite says of the file. `now`: for the new name. Throws FailureError{journal_unusable} or
/// {disk_full} when it cannot be done: then the file stays.
std::string replace_damaged(const std::filesystem::path& file, const std::string& why, TimePoint now);

}  // namespace koshin::renewal
