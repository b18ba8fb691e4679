// SPDX-License-Identifier: MIT
// Conversion between rows and values.
#include "renewal/journal/journal_rows.hpp"

#include <utility>
#include <variant>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "renewal/journal/journal_states.hpp"
#include "renewal/policy/renewed_purposes.hpp"

namespace koshin::renewal {
namespace {

TimePoint time_of(std::int64_t number) {
  return TimePoint{std::chrono::seconds{number}};
}

std::optional<Failure> read_failure(sqlite::Statement& row) {
  const std::string id = row.text();
  std::string detail = row.text();
  const auto retry_after = row.optional_integer();
  if (id.empty()) return {};
  Failure failure{parse_reason(id).value_or(Reason::internal_error), std::move(detail), {}};
  if (retry_after) failure.retry_after = std::chrono::seconds{*retry_after};
  return failure;
}

/// A snapshot in the format of another version is dropped: the token is inspected again.
std::optional<Snapshot> read_snapshot(TimePoint at, const std::string& line) {
  try {
    auto event = messages::parse_event(line);
    const auto* found = std::get_if<messages::InspectResult>(&event);
    if (found == nullptr || found->tokens.size() != 1) return {};
    return Snapshot{at, found->tokens.front()};
  } catch (const FailureError&) {
    return {};
  }
}

}  // namespace

bool is_snapshot(const std::string& line) {
  return read_snapshot({}, line).has_value();
}

Record read_record(sqlite::Statement& row) {
  Record record;
  record.number = row.integer();
  record.token.manufacturer = row.text();
  record.token.model = row.text();
  record.token.serial = row.text();
  record.token_label = row.text();
  record.enrollment = row.integer() != 0;
  record.old_sha256 = row.text();
  record.key_algorithm = row.text();
  record.same_key = row.integer() != 0;
  record.state = schema::state_of(row.text(), record.number);
  record.key_id = row.blob();
  record.public_key = row.blob();
  record.request = row.blob();
  record.certificate = row.blob();
  record.ask_again = row.optional_time();
  record.last_failure = read_failure(row);
  record.started = time_of(row.integer());
  record.changed = time_of(row.integer());
  record.new_not_after = time_of(row.integer());
  record.pair_sent = row.integer() != 0;
  record.pair_refused = row.integer() != 0;
  record.wrong_answer = parse_reason(row.text());
  record.wrong_answers = static_cast<unsigned>(row.integer());
  record.exchange_state = row.blob();
  record.bank = row.text();
  record.replaced_certificate = row.blob();
  return record;
}

TokenMemory read_memory(sqlite::Statement& row) {
  TokenMemory memory;
  memory.token.manufacturer = row.text();
  memory.token.model = row.text();
  memory.token.serial = row.text();
  memory.label = row.text();
  memory.module = row.text();
  memory.certificate_sha256 = row.text();
  memory.last_seen = row.optional_time();
  memory.not_after = row.optional_time();
  memory.snoozed_at = row.optional_time();
  memory.last_notified = row.optional_time();
  memory.last_decision = row.text();
  memory.notified_threshold = row.text();
  memory.pin_source_refused = row.integer() != 0;
  memory.pin_source_stamp = row.text();
  memory.told_sha256 = row.text();
  const auto looked_at = row.optional_time();
  const std::string looked = row.text();
  if (looked_at) memory.snapshot = read_snapshot(*looked_at, looked);
  memory.email = row.text();
  memory.purpose = renewed_purpose_of(row.text());
  return memory;
}

void read_bank(sqlite::Statement& row, TokenMemory& memory) {
  memory.bank = row.text();
  memory.certificate_sha256 = row.text();
  memory.not_after = row.optional_time();
  memory.snoozed_at = row.optional_time();
  memory.last_notified = row.optional_time();
  memory.last_decision = row.text();
  memory.notified_threshold = row.text();
  memory.told_sha256 = row.text();
  memory.email = row.text();
  memory.purpose = renewed_purpose_of(row.text());
}

void bind_bank(sqlite::Statement& statement, const TokenMemory& memory) {
  statement.bind(memory.token.manufacturer).bind(memory.token.model).bind(memory.token.serial);
  statement.bind(memory.bank).bind(memory.certificate_sha256).bind(memory.not_after).bind(memory.snoozed_at);
  statement.bind(memory.last_notified).bind(memory.last_decision).bind(memory.notified_threshold);
  statement.bind(memory.told_sha256).bind(memory.email).bind(to_string(memory.purpose));
}

void copy_bank(const TokenMemory& from, TokenMemory& to) {
  to.bank = from.bank;
  to.certificate_sha256 = from.certificate_sha256;
  to.not_after = from.not_after;
  to.snoozed_at = from.snoozed_at;
  to.last_notified = from.last_notified;
  to.last_decision = from.last_decision;
  to.notified_threshold = from.notified_threshold;
  to.told_sha256 = from.told_sha256;
  to.email = from.email;
  to.purpose = from.purpose;
}

void bind_progress(sqlite::Statement& statement, const Record& record) {
  statement.bind(to_string(record.state)).bind(std::int64_t{!is_unfinished(record.state)});
  statement.bind(record.key_id).bind(record.public_key).bind(record.request);
  statement.bind(record.certificate).bind(record.ask_again);
  if (record.last_failure) {
    statement.bind(info(record.last_failure->reason).id).bind(printable(record.last_failure->detail));
    const auto& retry_after = record.last_failure->retry_after;
    retry_after ? statement.bind(static_cast<std::int64_t>(retry_after->count())) : statement.bind_null();
  } else {
    statement.bind_null().bind_null().bind_null();
  }
  statement.bind(std::optional(record.changed))
      .bind(std::optional(record.new_not_after))
      .bind(record.key_algorithm);
  statement.bind(std::int64_t{record.pair_sent}).bind(std::int64_t{record.pair_refused});
  record.wrong_answer ? statement.bind(info(*record.wrong_answer).id) : statement.bind_null();
  statement.bind(std::int64_t{record.wrong_answers}).bind(record.exchange_state);
  statement.bind(record.replaced_certificate);
}

void bind_memory(sqlite::Statement& statement, const TokenMemory& memory) {
  statement.bind(memory.token.manufacturer).bind(memory.token.model).bind(memory.token.serial);
  statement.bind(memory.label).bind(memory.module).bind(memory.certificate_sha256);
  statement.bind(memory.last_seen).bind(memory.not_after).bind(memory.snoozed_at).bind(memory.last_notified);
  statement.bind(memory.last_decision).bind(memory.notified_threshold);
  statement.bind(std::int64_t{memory.pin_source_refused}).bind(memory.pin_source_stamp);
  statement.bind(memory.told_sha256);
  statement.bind(memory.snapshot ? std::optional(memory.snapshot->at) : std::nullopt);
  statement.bind(memory.snapshot ? messages::to_json(messages::Event{
                                       messages::InspectResult{{memory.snapshot->report}, {}}})
                                 : std::string());
  statement.bind(memory.email).bind(to_string(memory.purpose));
}

}  // namespace koshin::renewal
