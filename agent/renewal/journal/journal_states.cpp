// SPDX-License-Identifier: MIT
// The rows of the table `state`: added, compared with this program's, refused where they do not agree.
#include "renewal/journal/journal_states.hpp"

#include <string>
#include <vector>

#include "foundation/failures/failure.hpp"

namespace koshin::renewal::schema {
namespace {

struct StoredState {
  std::string name;
  bool finished = false;
  RecordContent requires_content;
};

std::vector<StoredState> read_states(const sqlite::Database& database) {
  auto rows =
      database.prepare("SELECT name, finished, public_key, request, certificate, ask_again FROM state");
  std::vector<StoredState> all;
  while (rows.step()) {
    StoredState& one = all.emplace_back();
    one.name = rows.text();
    one.finished = rows.integer() != 0;
    one.requires_content.public_key = rows.integer() != 0;
    one.requires_content.request = rows.integer() != 0;
    one.requires_content.certificate = rows.integer() != 0;
    one.requires_content.ask_again = rows.integer() != 0;
  }
  return all;
}

bool is_used(const sqlite::Database& database, const std::string& state) {
  auto rows = database.prepare("SELECT 1 FROM renewal WHERE state = ? LIMIT 1");
  return rows.bind(state).step();
}

[[noreturn]] void refuse_newer(const std::string& what, std::string_view state) {
  fail(Reason::journal_unusable, what + " was written by a newer koshin (state \"" + std::string(state) +
                                     "\"): install that version again, nothing was changed");
}

}  // namespace

void add_states(const sqlite::Database& database) {
  for (const StateRow& one : state_rows) {
    auto statement = database.prepare(
        "INSERT OR IGNORE INTO state (name, finished, public_key, request, certificate, ask_again)"
        " VALUES (?,?,?,?,?,?)");
    statement.bind(one.name).bind(std::int64_t{one.finished});
    const RecordContent& content = one.requires_content;
    statement.bind(std::int64_t{content.public_key}).bind(std::int64_t{content.request});
    statement.bind(std::int64_t{content.certificate}).bind(std::int64_t{content.ask_again}).run();
  }
}

bool require_known_states(const sqlite::Database& database, const std::filesystem::path& file) {
  std::size_t ours_there = 0;
  for (const StoredState& stored : read_states(database)) {
    const auto known = parse_state(stored.name);
    if (!known) {
      if (is_used(database, stored.name)) refuse_newer(file.string(), stored.name);
      continue;
    }
    ++ours_there;
    const StateRow& ours = row(*known);
    if (stored.finished == ours.finished && stored.requires_content == ours.requires_content) continue;
    fail(Reason::journal_unusable,
         file.string() + " requires something else of a renewal in the state \"" + stored.name +
             "\" than this koshin: install the version that has written it, nothing was changed");
  }
  return ours_there == state_rows.size();
}

State state_of(std::string_view name, std::int64_t record) {
  const auto state = parse_state(name);
  if (!state) refuse_newer("renewal " + std::to_string(record) + " of the journal", name);
  return *state;
}

}  // namespace koshin::renewal::schema
