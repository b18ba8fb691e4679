// SPDX-License-Identifier: MIT
// Which failure an error of SQLite is, and what to do about it.
#pragma once

#include <filesystem>
#include <string>

#include "foundation/failures/failure.hpp"
#include "renewal/journal/sqlite_database.hpp"

namespace koshin::renewal {

/// What is wrong with `file`, and what the user can do about it, where it is no error of this program's own.
std::string detail_of(const sqlite::Error& error, const std::filesystem::path& file);
/// disk_full, journal_unusable, or internal_error for what this program should not have written to `file`.
Reason reason_of(const sqlite::Error& error, const std::filesystem::path& file);

}  // namespace koshin::renewal
