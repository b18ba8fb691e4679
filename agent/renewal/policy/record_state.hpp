// SPDX-License-Identifier: MIT
// The states of a record as data: the one table for journal, policy, command line and documentation. The
// journal's database takes what a state requires from here (renewal/journal/journal_states.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "foundation/texts/state.hpp"

namespace koshin::renewal {

/// State of a renewal: the last durably known fact. The order of the values is the order of progress; the two
/// that nothing follows come last.
enum class State {
  planned,    ///< key_id chosen; C_GenerateKeyPair may or may not have happened
  generated,  ///< public_key known
  requested,  ///< request signed; it may or may not have been sent
  pending,    ///< the authority has deferred its decision (ask_again)
  issued,     ///< certificate received and checked; C_CreateObject may or may not have happened
  written,    ///< certificate object is on the token and was read back
  completed,  ///< the new certificate has logged in
  abandoned,  ///< given up: refused by the authority, unable to log in, or cancelled (docs/architecture.md)
};

/// What a record in a state must have, by the names of its members; it may have more.
struct RecordContent {
  bool public_key = false, request = false, certificate = false, ask_again = false;
  bool operator==(const RecordContent&) const = default;
};

struct StateRow {
  State state;
  std::string_view name;  ///< in the journal and in documents, "planned"
  bool finished;          ///< nothing follows: the record is history, and another renewal may begin
  RecordContent requires_content;
  Text in_words;  ///< in `koshin history` and `koshin status`
};

/// Journals have these rows in them: what a state of a released koshin requires changes only together with a
/// script in journal_scripts.cpp. A new state is a new row.
inline constexpr std::array state_rows{
    StateRow{State::planned, "planned", false, {}, texts::state_planned},
    StateRow{State::generated, "generated", false, {.public_key = true}, texts::state_generated},
    StateRow{
        State::requested, "requested", false, {.public_key = true, .request = true}, texts::state_requested},
    StateRow{State::pending,
             "pending",
             false,
             {.public_key = true, .request = true, .ask_again = true},
             texts::state_pending},
    StateRow{State::issued, "issued", false, {.public_key = true, .certificate = true}, texts::state_issued},
    StateRow{
        State::written, "written", false, {.public_key = true, .certificate = true}, texts::state_written},
    StateRow{State::completed,
             "completed",
             true,
             {.public_key = true, .certificate = true},
             texts::state_completed},
    StateRow{State::abandoned, "abandoned", true, {}, texts::state_abandoned},
};

/// Whether every state has its row, in the order of the enumeration.
constexpr bool has_row_of_each_state() {
  std::size_t next = 0;
  for (const StateRow& one : state_rows)
    if (one.state != static_cast<State>(next++)) return false;
  return next == static_cast<std::size_t>(State::abandoned) + 1;
}
static_assert(has_row_of_each_state());

constexpr const StateRow& row(State state) {
  return state_rows.at(static_cast<std::size_t>(state));
}

constexpr std::string_view to_string(State state) {
  return row(state).name;
}

/// The inverse of to_string; empty for any other text.
constexpr std::optional<State> parse_state(std::string_view text) {
  for (const StateRow& one : state_rows)
    if (one.name == text) return one.state;
  return {};
}

/// Neither completed nor abandoned.
constexpr bool is_unfinished(State state) {
  return !row(state).finished;
}

}  // namespace koshin::renewal
