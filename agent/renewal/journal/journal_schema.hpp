// SPDX-License-Identifier: MIT
// The journal's tables and how an older file becomes a current one.
#pragma once

#include "renewal/journal/sqlite_database.hpp"

namespace koshin::renewal::schema {

/// PRAGMA user_version of a current file.
extern const int current_version;

/// Brings the file up to date in one transaction. Throws FailureError{journal_unusable} for a file of a newer
/// program or of another one.
void migrate(const sqlite::Database& database, const std::filesystem::path& file);

}  // namespace koshin::renewal::schema
