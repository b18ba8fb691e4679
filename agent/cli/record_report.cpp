// SPDX-License-Identifier: MIT
// Records and token memories of the journal, as lines of text.
#include <algorithm>

#include "cli/bank_choice.hpp"
#include "cli/report.hpp"
#include "foundation/base/pin_name.hpp"
#include "foundation/base/text.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/policy/decision_words.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/recall.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::cli {
namespace {

using renewal::State;

/// renewal::way_on(), from the journal alone.
renewal::WayOn way_on(const Session& session, const renewal::TokenMemory& token,
                      const renewal::Record& record) {
  const bool known = !record.old_sha256.empty() && token.certificate_sha256 == record.old_sha256;
  const bool gone = token.last_decision == to_string(renewal::Decision::certificate_missing);
  if (gone && record.state < State::issued) return renewal::WayOn::enroll;
  return renewal::way_on(
      record, known && token.not_after &&
                  renewal::is_past_renewal(token.purpose, *token.not_after,
                                           settings_of(session, record.bank).renewal, session.now));
}

const Text& next_text(renewal::WayOn way) {
  switch (way) {
    case renewal::WayOn::renew:
      return texts::cli_next_renew;
    case renewal::WayOn::insist:
      return texts::cli_next_insist;
    case renewal::WayOn::enroll:
      break;
  }
  return texts::cli_next_enroll;
}

/// Whether the settings do not have the bank that the record names (any more).
bool bank_is_unknown(const Session& session, const renewal::Record& record) {
  return !record.bank.empty() && session.deployment.find(record.bank) == nullptr;
}

/// What comes next: of a request that the authority is deciding about, when the answer is asked for.
std::string next_step(const Session& session, const renewal::TokenMemory& token,
                      const renewal::Record& record) {
  const Console& console = session.console;
  if (renewal::seen_to_be_gone(record, &token)) return console.say(texts::cli_next_gone);
  if (bank_is_unknown(session, record)) return console.say(texts::cli_next_bank_is_gone);
  const auto way = way_on(session, token, record);
  if (way == renewal::WayOn::renew && renewal::waits_for_authority(record, session.now))
    return console.say(texts::cli_next_wait, {to_local_text(*record.ask_again, console.language())});
  return console.say(next_text(way));
}

std::string due_text(const Session& session, const renewal::Record* decided) {
  const Console& console = session.console;
  if (decided == nullptr) return console.say(texts::cli_verdict_due);
  const std::string since = to_local_text(decided->started, console.language());
  if (!renewal::waits_for_authority(*decided, session.now))
    return console.say(texts::cli_verdict_deciding, {since});
  return console.say(texts::cli_verdict_deciding_until,
                     {since, to_local_text(*decided->ask_again, console.language())});
}

void print_unfinished(const Session& session, const renewal::TokenMemory& token,
                      const renewal::Record& record, const RenewedCertificates& certificates) {
  const Console& console = session.console;
  const Text what =
      record.enrollment ? texts::cli_field_unfinished_reissue : texts::cli_field_unfinished_renewal;
  console.field(what, console.say(row(record.state).in_words));
  const auto* renewed = certificates.of(record);
  if (renewed != nullptr)
    console.field(texts::cli_field_certificate, renewed_text(console, certificates, record));
  console.field(texts::cli_field_sha256, record.old_sha256);
  console.field(texts::cli_field_started, to_local_text(record.started, console.language()));
  if (renewal::waits_for_authority(record, session.now)) {
    console.field(texts::cli_field_authority_is_asked, to_local_text(*record.ask_again, console.language()));
  }
  if (record.last_failure)
    console.field(texts::cli_field_stopped_by, console.say(info(record.last_failure->reason).cause));
  const auto stands = what_stands_of_old(session, record, certificates, nullptr);
  if (stands != renewal::OldCertificate::untouched)
    console.field(texts::cli_field_old_certificate, console.say(renewal::sentence_of(stands)));
  console.field(texts::cli_field_next, next_step(session, token, record));
}

}  // namespace

renewal::OldCertificate what_stands_of_old(const Session& session, const renewal::Record& record,
                                           const RenewedCertificates& certificates,
                                           const messages::TokenReport* read) {
  const Settings& settings = settings_of(session, record.bank);
  const auto& profile = renewal::profile_of(settings);
  return renewal::what_stands_of_old(
      record, profile,
      {.seen = read != nullptr && renewal::shows_old(*read, record, profile),
       .due = renewal::is_known_to_be_due(certificates.of(record), settings.renewal, session.now)});
}

const renewal::Record* being_decided(const renewal::TokenMemory& token,
                                     const std::vector<renewal::Record>& unfinished) {
  const auto found = std::ranges::find_if(unfinished, [&](const renewal::Record& record) {
    return record.state == State::pending && !record.old_sha256.empty() &&
           record.old_sha256 == token.certificate_sha256;
  });
  return found == unfinished.end() ? nullptr : &*found;
}

void print_remembered(const Session& session, const renewal::TokenMemory& token,
                      const std::vector<renewal::Record>& unfinished,
                      const RenewedCertificates& certificates) {
  const Console& console = session.console;
  console.print(texts::cli_record_token, {printable(token.label, 100), printable(token.token.model, 60),
                                          printable(renewal::serial_number(token.token), 60)});
  if (!token.bank.empty()) console.field(texts::cli_field_bank, bank_name(session, token.bank));
  if (token.last_seen)
    console.field(texts::cli_field_last_seen, to_local_text(*token.last_seen, console.language()));
  const bool goes_on = std::all_of(unfinished.begin(), unfinished.end(), [&](const renewal::Record& record) {
    return way_on(session, token, record) == renewal::WayOn::renew;
  });
  const auto decision = renewal::parse_decision(token.last_decision);
  if (decision && (goes_on || decision != renewal::Decision::resume_unfinished)) {
    console.field(texts::cli_field_decision,
                  koshin::call_pin(renewal::in_words(*decision, console.language()), console.pin_name()));
  }
  if (token.not_after) {
    const Settings::Renewal& policy = settings_of(session, token.bank).renewal;
    console.field(texts::cli_field_certificate_until,
                  painted_by_due(console, *token.not_after, session.now, policy,
                                 expiry_text(console, *token.not_after, session.now)));
    if (session.now < *token.not_after && session.now >= renewal::due_from(*token.not_after, policy))
      console.field(texts::cli_field_renewal, due_text(session, being_decided(token, unfinished)));
  }
  for (const renewal::Record& record : unfinished) print_unfinished(session, token, record, certificates);
}

void print_given_up(const Session& session, const renewal::Record& record) {
  const Console& console = session.console;
  const Text what = record.enrollment ? texts::cli_field_last_reissue : texts::cli_field_last_renewal;
  console.field(what,
                console.say(texts::cli_record_given_up, {to_local_text(record.changed, console.language())}));
  console.field(texts::cli_field_stopped_by, console.say(info(record.last_failure->reason).cause));
  console.field(texts::cli_field_next,
                console.say(record.enrollment ? texts::cli_next_enroll_again : texts::cli_next_renew_again));
}

void print_left_over(const Session& session, const renewal::Record& record) {
  const Console& console = session.console;
  console.field(texts::cli_field_perhaps_left,
                console.say(texts::cli_record_left_key,
                            {record.key_algorithm, to_local_text(record.started, console.language()),
                             to_hex(record.key_id)}));
}

void print_history(const Session& session, const std::vector<renewal::Record>& records,
                   const RenewedCertificates& certificates) {
  const Console& console = session.console;
  if (records.empty()) console.print(texts::cli_history_empty);
  for (const auto& record : records) {
    const std::string what =
        console.say(record.enrollment ? texts::cli_history_reissue : texts::cli_history_renewal);
    console.print(texts::cli_history_row, {to_local_text(record.started, console.language()), padded(what, 8),
                                           padded(record.key_algorithm, 8), printable(record.token_label, 60),
                                           console.say(row(record.state).in_words)});
    if (!record.bank.empty()) console.print(texts::cli_history_bank, {bank_name(session, record.bank)});
    if (const std::string renewed = renewed_text(console, certificates, record); !renewed.empty())
      console.print(texts::cli_history_certificate, {renewed});
    if (record.new_not_after != TimePoint{})
      console.print(texts::cli_history_valid_until,
                    {to_local_text(record.new_not_after, console.language())});
    if (record.last_failure && record.state != State::completed)
      console.print("    " + console.say(info(record.last_failure->reason).cause));
  }
}

}  // namespace koshin::cli
