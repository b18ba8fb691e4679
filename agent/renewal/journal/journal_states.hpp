// SPDX-License-Identifier: MIT
// The states of records in the journal's table `state`: a copy of the rows of
// renewal/policy/record_state.hpp, by which the database itself refuses a record that lacks what its state
// requires. The table grows by itself; its columns are a matter of the schema.
#pragma once

#include "renewal/journal/sqlite_database.hpp"
#include "renewal/policy/record_state.hpp"

namespace koshin::renewal::schema {

/// Adds the rows that the file lacks. Within a transaction of the caller.
void add_states(const sqlite::Database& database);

/// Throws FailureError{journal_unusable} where this program would misread the file: a record is in a state
/// that only a newer koshin knows, or a state requires something else there than here. Else whether it has a
/// row for each of this program's states.
bool require_known_states(const sqlite::Database& database, const std::filesystem::path& file);

/// The state of that name. Throws FailureError{journal_unusable} for one that this program does not know: a
/// newer koshin has written it since the file was opened.
State state_of(std::string_view name, std::int64_t record);

}  // namespace koshin::renewal::schema
