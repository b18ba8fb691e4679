// SPDX-License-Identifier: MIT
// Finding SQLite's functions in the program, or in its shared library.
#include "renewal/sqlite_library.hpp"

#include <dlfcn.h>

#include <string>

#include "foundation/failure.hpp"

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

void* load() {
  void* const library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library != nullptr) return library;
  const char* const text = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
  fail(Reason::internal_error, std::string("SQLite cannot be loaded, install it again: ") +
                                   (text == nullptr ? "unknown reason" : text));
}

template <typename Function>
void find(void* library, const char* name, Function linked, Function& function) {
  function = library == nullptr ? linked : reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) fail(Reason::internal_error, std::string(library_name) + " has no " + name);
}

SqliteLibrary find_all() {
  void* const library = &::sqlite3_open_v2 == nullptr ? load() : nullptr;
  SqliteLibrary found{};
  find(library, "sqlite3_bind_blob", &::sqlite3_bind_blob, found.bind_blob);
  find(library, "sqlite3_bind_int64", &::sqlite3_bind_int64, found.bind_int64);
  find(library, "sqlite3_bind_null", &::sqlite3_bind_null, found.bind_null);
  find(library, "sqlite3_bind_text", &::sqlite3_bind_text, found.bind_text);
  find(library, "sqlite3_busy_timeout", &::sqlite3_busy_timeout, found.busy_timeout);
  find(library, "sqlite3_changes", &::sqlite3_changes, found.changes);
  find(library, "sqlite3_close_v2", &::sqlite3_close_v2, found.close_v2);
  find(library, "sqlite3_column_blob", &::sqlite3_column_blob, found.column_blob);
  find(library, "sqlite3_column_bytes", &::sqlite3_column_bytes, found.column_bytes);
  find(library, "sqlite3_column_int64", &::sqlite3_column_int64, found.column_int64);
  find(library, "sqlite3_column_text", &::sqlite3_column_text, found.column_text);
  find(library, "sqlite3_column_type", &::sqlite3_column_type, found.column_type);
  find(library, "sqlite3_db_config", &::sqlite3_db_config, found.db_config);
  find(library, "sqlite3_errmsg", &::sqlite3_errmsg, found.errmsg);
  find(library, "sqlite3_errstr", &::sqlite3_errstr, found.errstr);
  find(library, "sqlite3_exec", &::sqlite3_exec, found.exec);
  find(library, "sqlite3_finalize", &::sqlite3_finalize, found.finalize);
  find(library, "sqlite3_last_insert_rowid", &::sqlite3_last_insert_rowid, found.last_insert_rowid);
  find(library, "sqlite3_open_v2", &::sqlite3_open_v2, found.open_v2);
  find(library, "sqlite3_prepare_v2", &::sqlite3_prepare_v2, found.prepare_v2);
  find(library, "sqlite3_step", &::sqlite3_step, found.step);
  return found;
}

}  // namespace

const SqliteLibrary& sqlite() {
  static const SqliteLibrary library = find_all();
  return library;
}

}  // namespace koshin::renewal::sqlite
