// SPDX-License-Identifier: MIT
// Finding SQLite's functions in the program, or in its shared library.
#include "renewal/journal/sqlite_library.hpp"

#include <optional>
#include <string>

#include "foundation/failures/failure.hpp"
#include "foundation/system/system_library.hpp"

// Weak: null in a program that is not linked with SQLite.
#pragma weak sqlite3_bind_blob
#pragma weak sqlite3_bind_int64
#pragma weak sqlite3_bind_null
#pragma weak sqlite3_bind_text
#pragma weak sqlite3_busy_timeout
#pragma weak sqlite3_changes
#pragma weak sqlite3_close_v2
#pragma weak sqlite3_column_blob
#pragma weak sqlite3_column_bytes
#pragma weak sqlite3_column_int64
#pragma weak sqlite3_column_text
#pragma weak sqlite3_column_type
#pragma weak sqlite3_db_config
#pragma weak sqlite3_errmsg
#pragma weak sqlite3_errstr
#pragma weak sqlite3_exec
#pragma weak sqlite3_finalize
#pragma weak sqlite3_last_insert_rowid
#pragma weak sqlite3_open_v2
#pragma weak sqlite3_prepare_v2
#pragma weak sqlite3_step

namespace koshin::renewal::sqlite {
namespace {

// The name carries the version of the interface that sqlite3.h describes.
constexpr const char* library_name = "libsqlite3.so.0";

/// Where the functions are: in the program when it is linked with SQLite, else in the library.
class Source {
 public:
  template <typename Function>
  void find(const char* name, Function linked, Function& function) const {
    function = linked;
    if (library_) library_->find(name, function);
    if (function == nullptr) fail(Reason::internal_error, std::string("this program has no ") + name);
  }

 private:
  static std::optional<SystemLibrary> load() {
    if (&::sqlite3_open_v2 != nullptr) return {};
    return SystemLibrary(library_name, SystemLibrary::Binding::now);
  }
  std::optional<SystemLibrary> library_ = load();
};

SqliteLibrary find_all() {
  const Source source;
  SqliteLibrary found{};
  source.find("sqlite3_bind_blob", &::sqlite3_bind_blob, found.bind_blob);
  source.find("sqlite3_bind_int64", &::sqlite3_bind_int64, found.bind_int64);
  source.find("sqlite3_bind_null", &::sqlite3_bind_null, found.bind_null);
  source.find("sqlite3_bind_text", &::sqlite3_bind_text, found.bind_text);
  source.find("sqlite3_busy_timeout", &::sqlite3_busy_timeout, found.busy_timeout);
  source.find("sqlite3_changes", &::sqlite3_changes, found.changes);
  source.find("sqlite3_close_v2", &::sqlite3_close_v2, found.close_v2);
  source.find("sqlite3_column_blob", &::sqlite3_column_blob, found.column_blob);
  source.find("sqlite3_column_bytes", &::sqlite3_column_bytes, found.column_bytes);
  source.find("sqlite3_column_int64", &::sqlite3_column_int64, found.column_int64);
  source.find("sqlite3_column_text", &::sqlite3_column_text, found.column_text);
  source.find("sqlite3_column_type", &::sqlite3_column_type, found.column_type);
  source.find("sqlite3_db_config", &::sqlite3_db_config, found.db_config);
  source.find("sqlite3_errmsg", &::sqlite3_errmsg, found.errmsg);
  source.find("sqlite3_errstr", &::sqlite3_errstr, found.errstr);
  source.find("sqlite3_exec", &::sqlite3_exec, found.exec);
  source.find("sqlite3_finalize", &::sqlite3_finalize, found.finalize);
  source.find("sqlite3_last_insert_rowid", &::sqlite3_last_insert_rowid, found.last_insert_rowid);
  source.find("sqlite3_open_v2", &::sqlite3_open_v2, found.open_v2);
  source.find("sqlite3_prepare_v2", &::sqlite3_prepare_v2, found.prepare_v2);
  source.find("sqlite3_step", &::sqlite3_step, found.step);
  return found;
}

}  // namespace

const SqliteLibrary& sqlite() {
  static const SqliteLibrary library = find_all();
  return library;
}

}  // namespace koshin::renewal::sqlite
