// SPDX-License-Identifier: MIT
// Conversion between the journal's rows and values: columns and their order.
#pragma once

#include "renewal/journal/sqlite_database.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

inline constexpr std::string_view select_renewal =
    "SELECT number, manufacturer, model, serial, token_label, enrollment, old_sha256, key_algorithm, "
    "same_key, state,"
    " key_id, public_key, request, certificate, ask_again, failure_reason, failure_detail, "
    "failure_retry_after,"
    " started, changed, new_not_after, pair_sent, pair_refused, wrong_answer, wrong_answers, exchange_state,"
    " bank, replaced_certificate"
    " FROM renewal ";
inline constexpr std::string_view select_token =
    "SELECT manufacturer, model, serial, label, module, certificate_sha256, last_seen, not_after, snoozed_at,"
    " last_notified, last_decision, notified_threshold, pin_source_refused, pin_source_stamp, told_sha256,"
    " looked_at, looked, email, purpose FROM token ";

inline constexpr std::string_view select_token_bank =
    "SELECT bank, certificate_sha256, not_after, snoozed_at, last_notified, last_decision, "
    "notified_threshold,"
    " told_sha256, email, purpose FROM token_bank ";

/// Reads a row of select_renewal. Throws FailureError{journal_unusable} for a state of a newer koshin.
Record read_record(sqlite::Statement& row);
/// Whether column `looked` of table `token` is a snapshot that this koshin reads.
bool is_snapshot(const std::string& line);
/// Reads a row of select_token.
TokenMemory read_memory(sqlite::Statement& row);
/// Reads a row of select_token_bank into the memory of its token.
void read_bank(sqlite::Statement& row, TokenMemory& memory);
/// Binds the columns that may change after a record was inserted: state, finished, key_id, public_key,
/// request, certificate, ask_again, failure_reason, failure_detail, failure_retry_after, changed,
/// new_not_after, key_algorithm, pair_sent, pair_refused, wrong_answer, wrong_answers, exchange_state,
/// replaced_certificate.
void bind_progress(sqlite::Statement& statement, const Record& record);
/// Binds a whole row, in the order of select_token.
void bind_memory(sqlite::Statement& statement, const TokenMemory& memory);
/// Binds a whole row of token_bank: the token, then in the order of select_token_bank.
void bind_bank(sqlite::Statement& statement, const TokenMemory& memory);
/// Copies the members that belong to one bank from `from` to `to`.
void copy_bank(const TokenMemory& from, TokenMemory& to);

}  // namespace koshin::renewal
