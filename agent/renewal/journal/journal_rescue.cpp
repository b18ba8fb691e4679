// SPDX-License-Identifier: MIT
// Row by row, from both ends of each table: where SQLite meets the damaged page of a table, the rows behind
// it can still be read from the other end.
#include "renewal/journal/journal_rescue.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "renewal/journal/journal_schema.hpp"
#include "renewal/journal/row_content.hpp"
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
  RowContent (*content)(const sqlite::Statement& row);
};
/// States first: records refer to them.
constexpr std::array tables{
    Table{"state", "name", nullptr, content_of_texts},
    Table{"renewal", "number", &Rescued::renewals, content_of_renewal},
    Table{"token", "manufacturer, model, serial", &Rescued::tokens, content_of_token},
    Table{"token_bank", "manufacturer, model, serial, bank", &Rescued::others, content_of_texts},
    Table{"mail", "certificate_sha256, threshold", &Rescued::others, content_of_texts},
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

/// What nothing depends on is bound as it is in a row that never had it.
void bind_nothing(sqlite::Statement& statement, const sqlite::Statement& row, int column) {
  row.is_text(column) ? statement.bind("") : statement.bind_null();
}

/// Whether the new journal took the row. One that it has already, and one that damage has left without what
/// its table demands, it does not take.
bool copy_row(const sqlite::Statement& row, const Table& table, const std::vector<int>& lost,
              const sqlite::Database& fresh) {
  try {
    const std::string sql_text = insertion(table, row.columns());
    auto statement = fresh.prepare(sql_text);
    for (int column = 0; column < row.columns(); ++column) {
      if (std::ranges::find(lost, column) == lost.end())
        statement.bind_column(row, column);
      else
        bind_nothing(statement, row, column);
    }
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
  } catch (const sqlite::Error& error) {
    if (error.is_of_the_moment()) throw;
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

/// Row by row, what could be taken of one table.
class TableCopy {
 public:
  TableCopy(const Table& table, const sqlite::Database& damaged, const sqlite::Database& fresh,
            Rescued& rescued)
      : table_(table), damaged_(damaged), fresh_(fresh), rescued_(rescued) {}

  void copy(const std::string& order) {
    auto rows = rows_of(damaged_, table_, order);
    if (!rows || !fits(*rows)) return;
    for (std::size_t read = 0; read < most_rows && step_to_next(*rows); ++read) take(*rows);
  }

 private:
  /// Whether the new journal has the table with the same columns: a file that says another version than its
  /// tables are of does not fit.
  bool fits(const sqlite::Statement& rows) const {
    const auto own = rows_of(fresh_, table_, table_.key);
    if (!own || own->columns() != rows.columns()) return false;
    for (int column = 0; column < rows.columns(); ++column)
      if (own->name_of(column) != rows.name_of(column)) return false;
    return true;
  }
  std::string key_of(const sqlite::Statement& row) const {
    std::string key;
    for (int column = 0; column < 1 + std::ranges::count(std::string_view(table_.key), ','); ++column)
      key += row.text_of(column) + '\n';
    return key;
  }
  void take(const sqlite::Statement& row) {
    const RowContent content = table_.content(row);
    if (!content.usable) {
      // Its key, since the row is met from both ends.
      if (left_out_.insert(key_of(row)).second) ++rescued_.left_out;
      return;
    }
    if (!copy_row(row, table_, content.lost, fresh_) || table_.count == nullptr) return;
    ++(rescued_.*table_.count);
    if (table_.count == &Rescued::renewals && !content.lost.empty()) ++rescued_.without_old;
  }

  const Table& table_;
  const sqlite::Database& damaged_;
  const sqlite::Database& fresh_;
  Rescued& rescued_;
  std::set<std::string> left_out_;
};

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
    TableCopy copy(table, from->database, to, rescued);
    copy.copy(table.key);
    copy.copy(descending(table.key));
  }
  transaction.commit();
  schema::migrate(to, fresh);
  rescued.unfinished =
      static_cast<std::size_t>(to.pragma_number("SELECT count(*) FROM renewal WHERE finished = 0"));
  return rescued;
}

}  // namespace koshin::renewal
