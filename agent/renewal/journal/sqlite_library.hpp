// SPDX-License-Identifier: MIT
// SQLite's functions, found when they are first needed: most runs of the programs that can read the journal
// do not. Included by the journal's sources alone.
#pragma once

#include <sqlite3.h>

namespace koshin::renewal::sqlite {

/// The functions that the journal calls, under SQLite's names without their "sqlite3_".
struct SqliteLibrary {
  decltype(&::sqlite3_bind_blob) bind_blob;
  decltype(&::sqlite3_bind_int64) bind_int64;
  decltype(&::sqlite3_bind_null) bind_null;
  decltype(&::sqlite3_bind_text) bind_text;
  decltype(&::sqlite3_busy_timeout) busy_timeout;
  decltype(&::sqlite3_changes) changes;
  decltype(&::sqlite3_close_v2) close_v2;
  decltype(&::sqlite3_column_blob) column_blob;
  decltype(&::sqlite3_column_bytes) column_bytes;
  decltype(&::sqlite3_column_int64) column_int64;
  decltype(&::sqlite3_column_text) column_text;
  decltype(&::sqlite3_column_type) column_type;
  decltype(&::sqlite3_db_config) db_config;
  decltype(&::sqlite3_errmsg) errmsg;
  decltype(&::sqlite3_errstr) errstr;
  decltype(&::sqlite3_exec) exec;
  decltype(&::sqlite3_finalize) finalize;
  decltype(&::sqlite3_last_insert_rowid) last_insert_rowid;
  decltype(&::sqlite3_open_v2) open_v2;
  decltype(&::sqlite3_prepare_v2) prepare_v2;
  decltype(&::sqlite3_step) step;
};

/// The library: the one that the program is linked with, else it is loaded at the first call. Throws
/// FailureError{internal_error} when it is not installed.
const SqliteLibrary& sqlite();

}  // namespace koshin::renewal::sqlite
