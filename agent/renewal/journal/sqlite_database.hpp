// SPDX-License-Identifier: MIT
// The part of SQLite that the journal uses, as values and exceptions. Included by the journal's sources only.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace koshin::renewal::sqlite {

/// A failed call; what() contains SQLite's message.
class Error : public std::runtime_error {
 public:
  Error(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
  /// The primary result code, for example SQLITE_BUSY.
  int code() const noexcept { return code_ & 0xff; }
  /// Whether the file is damaged or not a database.
  bool corrupt() const noexcept { return code() == SQLITE_CORRUPT || code() == SQLITE_NOTADB; }
  /// Whether the row that was written, and nothing else, is the reason: it lacks what its table demands.
  bool is_about_the_row() const noexcept {
    return code() == SQLITE_CONSTRAINT || code() == SQLITE_MISMATCH || code() == SQLITE_TOOBIG;
  }
  /// Whether the disk may be the reason: full, for reading only, or failing. Reading may still be possible.
  bool is_about_writing() const noexcept {
    return code() == SQLITE_READONLY || code() == SQLITE_CANTOPEN || code() == SQLITE_FULL ||
           code() == SQLITE_IOERR;
  }
  /// Whether another process or the memory is the reason: later it may go well.
  bool is_of_the_moment() const noexcept {
    return code() == SQLITE_BUSY || code() == SQLITE_LOCKED || code() == SQLITE_NOMEM;
  }

 private:
  int code_;
};

struct StatementDeleter {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

/// A prepared statement: bind in order, step, read in order.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);

  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view text);
  Statement& bind(const char* text) { return bind(std::string_view(text)); }
  Statement& bind(const std::vector<std::uint8_t>& blob);  ///< empty: NULL
  Statement& bind(const std::optional<std::chrono::sys_seconds>& time);
  Statement& bind_null();
  /// The value of that column of the row that `row` is at, whatever its kind.
  Statement& bind_column(const Statement& row, int column);

  /// Executes up to the next row; false when there is no further row.
  bool step();
  /// Executes a statement that returns no rows.
  void run();

  int columns() const { return sqlite3_column_count(statement_.get()); }
  std::string_view name_of(int column) const;
  /// The place of the result's column with this name; empty where it has none.
  std::optional<int> column_named(std::string_view name) const;
  bool is_text(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_TEXT; }
  /// Of a text or a blob of the present row, until the next step; of any other value, nothing.
  std::span<const std::uint8_t> bytes_of(int column) const;
  /// Any value as a text, which a number becomes.
  std::string text_of(int column) const;
  std::int64_t integer();
  std::string text();
  std::vector<std::uint8_t> blob();
  std::optional<std::int64_t> optional_integer();
  std::optional<std::chrono::sys_seconds> optional_time();

 private:
  void check(int code) const;
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, StatementDeleter> statement_;
  int next_parameter_ = 1;
  int next_column_ = 0;
};

/// One connection, with a busy timeout of `patience`.
class Database {
 public:
  /// `creating`: for writing, and the file is made where there is none. `reading_unchanging`: nobody changes
  /// it meanwhile, and it has no write-ahead log; then SQLite needs no companion files.
  enum class Access { creating, writing, reading, reading_unchanging };
  Database(const std::filesystem::path& file, std::chrono::milliseconds patience, Access access);
  Statement prepare(std::string_view sql) const { return {handle_.get(), sql}; }
  void execute(const char* sql) const;
  std::int64_t pragma_number(const char* sql) const;
  std::string pragma_text(const char* sql) const;
  std::int64_t last_row() const { return sqlite3_last_insert_rowid(handle_.get()); }
  int changes() const { return sqlite3_changes(handle_.get()); }

 private:
  struct Closer {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Closer> handle_;
};

/// BEGIN IMMEDIATE, rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(const Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  const Database& database_;
  bool open_ = true;
};

}  // namespace koshin::renewal::sqlite
