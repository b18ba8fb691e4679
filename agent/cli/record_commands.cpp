// SPDX-License-Identifier: MIT
// koshin status and koshin history: the journal, without touching a token.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/decision.hpp"
#include "renewal/policy/left_over.hpp"

namespace koshin::cli {

namespace {

/// How many records `status` searches for tokens that no agent has seen.
constexpr std::size_t records_looked_at = 200;

/// The memories of tokens; date, certificate and decision always concern one certificate. A completed renewal
/// whose end is not in the memory is shown by its record, without its certificate.
std::vector<renewal::TokenMemory> known_tokens(const Settings& settings, renewal::Journal& journal) {
  auto tokens = renewal::of_banks(journal.memories(), settings);
  for (const renewal::Record& record : journal.history(records_looked_at)) {  // newest first
    const std::string bank = renewal::bank_of(record, {}, settings);
    auto known = std::find_if(tokens.begin(), tokens.end(),
                              [&](const auto& t) { return t.token == record.token && t.bank == bank; });
    if (known == tokens.end()) {
      known = tokens.insert(tokens.end(), renewal::TokenMemory{});
      known->token = record.token;
      known->bank = bank;
      known->label = record.token_label;
    }
    const bool nothing_else_known = known->last_decision.empty() && !known->not_after;
    const bool has_replaced_it =
        !known->certificate_sha256.empty() && known->certificate_sha256 == record.old_sha256;
    if (record.state != renewal::State::completed || !(nothing_else_known || has_replaced_it)) continue;
    if (has_replaced_it) known->last_decision = to_string(renewal::Decision::not_due);
    known->certificate_sha256.clear();
    known->not_after = record.new_not_after;
  }
  return tokens;
}

}  // namespace

int run_status(const Session& session) {
  const auto journal = renewal::Journal::open_to_show(paths::journal_file());
  const auto tokens = known_tokens(session.settings, *journal);
  const auto unfinished = journal->all_unfinished();
  const auto history = journal->history(records_looked_at);
  const auto left_over = renewal::records_with_unused_pairs(history, tokens);
  const auto given_up = renewal::latest_abandoned(history);
  const RenewedCertificates certificates(journal->memories());
  session.console.document(status_json(session, tokens, {unfinished, left_over, given_up}, certificates));
  if (tokens.empty()) session.console.print(texts::cli_status_empty);
  for (const auto& token : tokens) {
    const auto concerns = [&](const renewal::Record& record) {
      return record.token == token.token && renewal::bank_of(record, {}, session.settings) == token.bank;
    };
    auto of_token = unfinished;
    std::erase_if(of_token, [&](const auto& record) { return !concerns(record); });
    print_remembered(session, token, of_token, certificates);
    for (const auto& record_given_up : given_up)
      if (concerns(record_given_up)) print_given_up(session, record_given_up);
    for (const auto& left : left_over)
      if (concerns(left)) print_left_over(session, left);
  }
  return 0;
}

int run_history(const Session& session) {
  const auto journal = renewal::Journal::open_to_show(paths::journal_file());
  const auto records = journal->history(session.arguments.limit);
  const RenewedCertificates certificates(journal->memories());
  session.console.document(history_json(session, records, certificates));
  print_history(session, records, certificates);
  return 0;
}

}  // namespace koshin::cli
