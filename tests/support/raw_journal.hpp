// SPDX-License-Identifier: MIT
// A journal's file behind the journal's back: whatever another program may write, and what earlier koshins
// have.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace koshin::test {

/// Runs the statements. What SQLite answers: SQLITE_OK, SQLITE_CONSTRAINT …; the first column of each row
/// goes to `rows`.
inline int run_sql(const std::filesystem::path& file, const std::string& sql,
                   std::vector<std::string>* rows = nullptr) {
  sqlite3* handle = nullptr;
  EXPECT_EQ(sqlite3_open(file.string().c_str(), &handle), SQLITE_OK);
  const auto take = [](void* to, int, char** columns, char**) {
    if (to != nullptr)
      static_cast<std::vector<std::string>*>(to)->emplace_back(columns[0] == nullptr ? "" : columns[0]);
    return 0;
  };
  const int code = sqlite3_exec(handle, sql.c_str(), take, rows, nullptr);
  sqlite3_close(handle);
  return code;
}

/// Makes the journal of a koshin with that schema from `folder` (tests/renewal/journals): a record in each
/// state, and one of a token without a serial number.
inline void make_old_journal(const std::filesystem::path& file, const std::filesystem::path& folder,
                             int schema) {
  std::ifstream dump(folder / ("schema_" + std::to_string(schema) + ".sql"));
  const std::string sql{std::istreambuf_iterator<char>(dump), {}};
  ASSERT_FALSE(sql.empty());
  ASSERT_EQ(run_sql(file, sql), SQLITE_OK);
}

/// The tables, indexes and triggers of the file, and its version.
inline std::vector<std::string> schema_of(const std::filesystem::path& file) {
  std::vector<std::string> found;
  EXPECT_EQ(run_sql(file, "SELECT sql FROM sqlite_schema ORDER BY type, name; PRAGMA user_version", &found),
            SQLITE_OK);
  return found;
}

}  // namespace koshin::test
