// SPDX-License-Identifier: MIT
// The migration of journals to the present schema (journal_scripts.hpp), and the refusal of newer ones.
#include "renewal/journal/journal_schema.hpp"

#include <string>
#include <tuple>

#include "foundation/failures/failure.hpp"
#include "renewal/journal/journal_scripts.hpp"
#include "renewal/journal/journal_states.hpp"

namespace koshin::renewal::schema {
namespace {

constexpr std::int64_t application_id = 0x6b6f7368;  // "kosh"

void refuse_foreign(const sqlite::Database& database, std::int64_t version,
                    const std::filesystem::path& file) {
  if (version > current_version) {
    fail(Reason::journal_unusable, file.string() + " was written by a newer koshin (schema " +
                                       std::to_string(version) + ", this one knows " +
                                       std::to_string(current_version) +
                                       "): install that version again, nothing was changed");
  }
  const std::int64_t id = database.pragma_number("PRAGMA application_id");
  const bool empty = database.pragma_number("SELECT count(*) FROM sqlite_schema") == 0;
  if (version < 0 || (id != application_id && !empty)) {
    fail(Reason::journal_unusable, file.string() + " is a database of another program: move it away");
  }
}

/// Throws sqlite::Error for a journal of this version that lacks a table: what is left of it can be read.
void require_tables(const sqlite::Database& database) {
  if (version_of(database) != current_version) return;
  constexpr std::int64_t tables = 5;
  const std::int64_t there = database.pragma_number(
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
      " AND name IN ('renewal', 'token', 'token_bank', 'mail', 'state')");
  if (there != tables) throw sqlite::Error(SQLITE_CORRUPT, "a table is missing");
}

/// Throws sqlite::Error that is corrupt() where the tables are not those of `version`.
void bring_up_to_date(const sqlite::Database& database, std::int64_t version) {
  const auto all = scripts();
  try {
    for (auto next = static_cast<std::size_t>(version); next < all.size(); ++next)
      database.execute(all.at(next).c_str());
  } catch (const sqlite::Error& error) {
    if (error.code() != SQLITE_ERROR) throw;
    throw sqlite::Error(SQLITE_CORRUPT,
                        std::string(error.what()) + ", as of a version that the file does not say");
  }
}

void say_version(const sqlite::Database& database, int version) {
  database.execute(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
  database.execute(("PRAGMA user_version = " + std::to_string(version)).c_str());
}

}  // namespace

const int current_version = static_cast<int>(std::tuple_size_v<decltype(scripts())>);

std::optional<int> version_of(const sqlite::Database& database) {
  const std::int64_t version = database.pragma_number("PRAGMA user_version");
  if (version < 1 || version > current_version ||
      database.pragma_number("PRAGMA application_id") != application_id)
    return std::nullopt;
  return static_cast<int>(version);
}

void make(const sqlite::Database& database, int version) {
  sqlite::Transaction transaction(database);
  const auto all = scripts();
  for (std::size_t next = 0; next < static_cast<std::size_t>(version); ++next)
    database.execute(all.at(next).c_str());
  say_version(database, version);
  transaction.commit();
}

void require_current(const sqlite::Database& database, const std::filesystem::path& file) {
  const std::int64_t version = database.pragma_number("PRAGMA user_version");
  refuse_foreign(database, version, file);
  if (version == 0)
    fail(Reason::journal_unusable, file.string() + " is empty: the next renewal makes a journal of it");
  if (version != current_version)
    fail(Reason::journal_unusable, file.string() + " was written by an older koshin (schema " +
                                       std::to_string(version) +
                                       "): the next renewal brings it up to date, nothing was changed");
  require_known_states(database, file);
}

void migrate(const sqlite::Database& database, const std::filesystem::path& file) {
  require_tables(database);
  if (version_of(database) == current_version && require_known_states(database, file)) return;
  sqlite::Transaction transaction(database);
  // Read again under the lock: another process may have migrated meanwhile.
  const std::int64_t version = database.pragma_number("PRAGMA user_version");
  refuse_foreign(database, version, file);
  bring_up_to_date(database, version);
  add_states(database);
  require_known_states(database, file);
  say_version(database, current_version);
  transaction.commit();
}

}  // namespace koshin::renewal::schema
