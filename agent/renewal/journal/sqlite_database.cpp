// SPDX-License-Identifier: MIT
// Connections, prepared statements and transactions of SQLite.
#include "renewal/journal/sqlite_database.hpp"

#include "foundation/base/file_uri.hpp"

namespace koshin::renewal::sqlite {
namespace {

[[noreturn]] void raise(sqlite3* database, int code) {
  const std::string text = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  throw Error(code, "SQLite: " + text);
}

/// The file as a URI that says to SQLite that nobody changes it.
std::string unchanging(const std::filesystem::path& file) {
  return file_uri(file) + "?immutable=1";
}

int flags_for(Database::Access access) {
  switch (access) {
    case Database::Access::creating:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case Database::Access::writing:
      return SQLITE_OPEN_READWRITE;
    case Database::Access::reading:
      return SQLITE_OPEN_READONLY;
    case Database::Access::reading_unchanging:
      break;
  }
  return SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
}

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  statement_.reset(raw);
  check(code);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) raise(database_, code);
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), next_parameter_++, value));
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  // A null pointer would bind NULL where an empty text is meant.
  const char* data = text.data() == nullptr ? "" : text.data();
  check(sqlite3_bind_text(statement_.get(), next_parameter_++, data, static_cast<int>(text.size()),
                          SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind(const std::vector<std::uint8_t>& blob) {
  if (blob.empty()) return bind_null();
  check(sqlite3_bind_blob(statement_.get(), next_parameter_++, blob.data(), static_cast<int>(blob.size()),
                          SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind(const std::optional<std::chrono::sys_seconds>& time) {
  return time ? bind(static_cast<std::int64_t>(time->time_since_epoch().count())) : bind_null();
}

Statement& Statement::bind_null() {
  check(sqlite3_bind_null(statement_.get(), next_parameter_++));
  return *this;
}

Statement& Statement::bind_column(const Statement& row, int column) {
  check(sqlite3_bind_value(statement_.get(), next_parameter_++,
                           sqlite3_column_value(row.statement_.get(), column)));
  return *this;
}

bool Statement::step() {
  next_column_ = 0;
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) raise(database_, code);
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

std::string_view Statement::name_of(int column) const {
  const char* name = sqlite3_column_name(statement_.get(), column);
  return name == nullptr ? std::string_view() : name;
}

std::optional<int> Statement::column_named(std::string_view name) const {
  for (int column = 0; column < columns(); ++column)
    if (name_of(column) == name) return column;
  return std::nullopt;
}

std::span<const std::uint8_t> Statement::bytes_of(int column) const {
  const int type = sqlite3_column_type(statement_.get(), column);
  if (type != SQLITE_TEXT && type != SQLITE_BLOB) return {};
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string Statement::text_of(int column) const {
  const unsigned char* data = sqlite3_column_text(statement_.get(), column);
  if (data == nullptr) return {};
  return {data, data + sqlite3_column_bytes(statement_.get(), column)};
}

std::int64_t Statement::integer() {
  return sqlite3_column_int64(statement_.get(), next_column_++);
}

std::string Statement::text() {
  return text_of(next_column_++);
}

std::vector<std::uint8_t> Statement::blob() {
  const int column = next_column_++;
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  if (data == nullptr) return {};
  return {data, data + sqlite3_column_bytes(statement_.get(), column)};
}

std::optional<std::int64_t> Statement::optional_integer() {
  if (sqlite3_column_type(statement_.get(), next_column_) == SQLITE_NULL) {
    ++next_column_;
    return {};
  }
  return integer();
}

std::optional<std::chrono::sys_seconds> Statement::optional_time() {
  const auto number = optional_integer();
  if (!number) return {};
  return std::chrono::sys_seconds{std::chrono::seconds{*number}};
}

Database::Database(const std::filesystem::path& file, std::chrono::milliseconds patience, Access access) {
  sqlite3* raw = nullptr;
  const std::string name = access == Access::reading_unchanging ? unchanging(file) : file.string();
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags_for(access), nullptr);
  handle_.reset(raw);
  if (code != SQLITE_OK) raise(raw, code);
  // No lookaside memory: it serves thousands of small allocations, and the journal makes few.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_LOOKASIDE, nullptr, 0, 0);
  sqlite3_busy_timeout(raw, static_cast<int>(patience.count()));
}

void Database::execute(const char* sql) const {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) raise(handle_.get(), code);
}

std::int64_t Database::pragma_number(const char* sql) const {
  Statement statement = prepare(sql);
  return statement.step() ? statement.integer() : 0;
}

std::string Database::pragma_text(const char* sql) const {
  Statement statement = prepare(sql);
  return statement.step() ? statement.text() : std::string{};
}

Transaction::Transaction(const Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const Error&) {  // SQLite has rolled back already, or rolls back at the next opening
    open_ = false;
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace koshin::renewal::sqlite
