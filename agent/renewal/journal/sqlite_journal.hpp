// SPDX-License-Identifier: MIT
// The journal in an SQLite file that is there. Included by the journal's sources only.
#pragma once

#include <filesystem>
#include <memory>

#include "renewal/journal/journal.hpp"
#include "renewal/journal/sqlite_database.hpp"

namespace koshin::renewal {

/// Opened for writing it is brought up to date, and looked through for damage. Throws sqlite::Error, and
/// FailureError{journal_unusable} for a file of another program or version.
std::unique_ptr<Journal> make_sqlite_journal(const std::filesystem::path& file,
                                             sqlite::Database::Access access);

}  // namespace koshin::renewal
