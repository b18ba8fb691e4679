// SPDX-License-Identifier: MIT
// Row by row, from both ends of each table: where SQLite meets the damaged page of a table, the rows behind
// it can still be read from the other end.
#include "renewal/journal/journal_rescue.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "renewal/journal/journal_schema.hpp"
#include "renewal/journal/sqlite_database.hpp"

namespace koshin::renewal {
namespace {

constexpr std::chrono::seconds longest_lock{20};
/// More than a journal ever has. The pages of a damaged file may lead in circles.
constexpr std::size_t most_rows = 100'000;

struct Table {
  const char* name;
  const char* key;  ///< its primary key: the order in which its rows lie in the file
  std::size_t Rescued::*count;
};
/// States first: records refer to them.
constexpr std::array tables{
    Table{"state", "name", nullptr},
    Table{"renewal", "number", &Rescued::renewals},
    Table{"token", "manufacturer, model, serial", &Rescued::tokens},
    Table{"token_bank", "manufacturer, model, serial, bank", &Rescued::others},
    Table{"mail", "certificate_sha256, threshold", &Rescued::others},
};

std::string descending(std::string keys) {
  for (auto comma = keys.find(','); comma != std::string::npos; comma = keys.find(',', comma + 6))
    keys.insert(comma, " DESC");
  return keys + " DESC";
}

std::string insertion(const Table& table, int columns) {
  std::string places = "?";
  for (int i = 1; i < columns; ++i) places += ",?";
  return "INSERT OR IGNORE INTO " + std::string(table.name) + " VALUES (" + places + ")";
}

/// Whether the new journal took the row. One that it has already, and one that damage has left without what
/// its table demands, it does not take.
bool copy_row(const sqlite::Statement& row, const Table& table, const sqlite::Database& fresh) {
  try {
    const std::string sql_text = insertion(table, row.columns());
    auto statement = fresh.prepare(sql_text);
    for (int column = 0; column < row.columns(); ++column) statement.bind_column(row, column);
    statement.run();
    return fresh.changes() == 1;
  } catch (const sqlite::Error& error) {
    if (!error.is_about_the_row()) throw;
    return false;
  }
}

/// The next row; nothing at the end of what can be read.
bool step_to_next(sqlite::Statement& rows) {
  try {
    return rows.step();
  } catch (const sqlite::Error&) {
    return false;
  }
}

std::optional<sqlite::Statement> rows_of(const sqlite::Database& damaged, const Table& table,
                                         const std::string& order) {
  try {
    return damaged.prepare("SELECT * FROM " + std::string(table.name) + " NOT INDEXED ORDER BY " + order);
  } catch (const sqlite::Error&) {  // not even the table's description is left
    return std::nullopt;
  }
}

void copy_table(const Table& table, const std::string& order, const sqlite::Database& damaged,
                const sqlite::Database& fresh, Rescued& rescued) {
  auto rows = rows_of(damaged, table, order);
  if (!rows) return;
  for (std::size_t read = 0; read < most_rows && step_to_next(*rows); ++read)
    if (copy_row(*rows, table, fresh) && table.count != nullptr) ++(rescued.*table.count);
}

struct Source {
  sqlite::Database database;
  int version;
};

/// Empty unless the file still says that it is a journal that this program knows.
std::optional<Source> readable(const std::filesystem::path& damaged) {
  try {
    sqlite::Database database(damaged, longest_lock, sqlite::Database::Access::reading);
    // On this connection, which only reads, it makes SQLite pass over tables whose place is damaged, and over
    // the end of a file that was cut off.
    database.execute("PRAGMA writable_schema = ON");
    const auto version = schema::version_of(database);
    if (!version) return std::nullopt;
    return Source{std::move(database), *version};
  } catch (const sqlite::Error& error) {
    log::debug("Nothing of the damaged journal can be read.", {{"KOSHIN_DETAIL", error.what()}});
    return std::nullopt;
  }
}

}  // namespace

Rescued rescue(const std::filesystem::path& damaged, const std::filesystem::path& fresh) {
  const auto from = readable(damaged);
  if (!from) return {};
  Rescued rescued;
  const sqlite::Database to(fresh, longest_lock, sqlite::Database::Access::creating);
  to.execute("PRAGMA synchronous = FULL");
  schema::make(to, from->version);
  sqlite::Transaction transaction(to);
  for (const Table& table : tables) {
    copy_table(table, table.key, from->database, to, rescued);
    copy_table(table, descending(table.key), from->database, to, rescued);
  }
  transaction.commit();
  schema::migrate(to, fresh);
  rescued.unfinished =
      static_cast<std::size_t>(to.pragma_number("SELECT count(*) FROM renewal WHERE finished = 0"));
  return rescued;
}

}  // namespace koshin::renewal
