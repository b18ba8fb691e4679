// SPDX-License-Identifier: MIT
// The journal's tables and the migration of older files.
#pragma once

#include <optional>

#include "renewal/journal/sqlite_database.hpp"

namespace koshin::renewal::schema {

/// PRAGMA user_version of a current file.
extern const int current_version;

/// Migrates the file to current_version in one transaction. Throws FailureError{journal_unusable} for a file
/// of a newer version or of another program.
void migrate(const sqlite::Database& database, const std::filesystem::path& file);

/// The version that the file says it is of; empty unless it is a journal of this version or an earlier one.
std::optional<int> version_of(const sqlite::Database& database);

/// Makes the tables of that version in an empty file, in one transaction.
void make(const sqlite::Database& database, int version);

/// For a file that is only read: throws FailureError{journal_unusable} unless it is of current_version.
void require_current(const sqlite::Database& database, const std::filesystem::path& file);

}  // namespace koshin::renewal::schema
