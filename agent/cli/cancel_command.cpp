// SPDX-License-Identifier: MIT
// koshin cancel: gives an unfinished renewal up, after the person has seen what stays and what goes.
#include <algorithm>

#include "cli/bank_choice.hpp"
#include "cli/commands.hpp"
#include "cli/job_secrets.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "cli/terminal.hpp"
#include "cli/token_choice.hpp"
#include "cli/usage.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::cli {
namespace {

using renewal::Record;
using renewal::State;

/// Of the bank that is named, else of any, with the token's key; in the order in which they were begun.
std::vector<Record> unfinished_with_key(const Session& session, const messages::TokenReport& token) {
  auto all = renewal::Journal::open(paths::journal_file())->all_unfinished();
  if (!bank_is_open(session)) all = renewal::of_bank(std::move(all), token, session.settings);
  const auto key = renewal::token_key(token);
  std::erase_if(all, [&](const Record& record) { return record.token != key; });
  return all;
}

RenewedCertificates known_certificates(const messages::TokenReport* token) {
  RenewedCertificates certificates(renewal::Journal::open(paths::journal_file())->memories());
  if (token != nullptr) certificates.add(*token);
  return certificates;
}

/// Whether --certificate, if given, names the certificate that this record renews.
bool is_of_named(const Session& session, const Record& record) {
  const std::string& named = session.arguments.certificate;
  return named.empty() || record.old_sha256 == named;
}

/// Those of `all` that belong to the token.
std::vector<Record> those_of(const messages::TokenReport& token, std::vector<Record> all) {
  std::erase_if(all, [&](const Record& record) { return !renewal::belongs_to(record, token); });
  return all;
}

/// The records that may be given up with this token: its own. Where the serial number says nothing and
/// nothing is unfinished of what the token shows, those of all tokens that say the same of themselves: of the
/// token that is meant, nothing may be left. A person is asked about it; --yes does not mean it.
std::vector<Record> unfinished_of(const Session& session, const messages::TokenReport& token) {
  auto all = unfinished_with_key(session, token);
  std::erase_if(all, [&](const Record& record) { return !is_of_named(session, record); });
  auto here = those_of(token, all);
  const bool asks =
      here.empty() && renewal::is_one_of_many(renewal::token_key(token)) && !session.arguments.yes;
  auto& found = asks ? all : here;
  if (found.empty() && !session.arguments.certificate.empty())
    fail(Reason::nothing_unfinished, "of certificate " + session.arguments.certificate + " on token \"" +
                                         printable(token.label, 100) + "\"");
  return found;
}

/// " (bank)", where banks have names.
std::string of_bank_text(const Session& session, const Record& record) {
  return record.bank.empty() ? std::string() : " (" + bank_name(session, record.bank) + ")";
}

/// When it was begun, for which bank, and what it renews.
std::string begun_text(const Session& session, const RenewedCertificates& certificates,
                       const Record& record) {
  const Console& console = session.console;
  const std::string renewed = renewed_text(console, certificates, record);
  return console.say(record.enrollment ? texts::cli_cancel_begun_reissue : texts::cli_cancel_begun_renewal,
                     {to_local_text(record.started, console.language())}) +
         of_bank_text(session, record) + (renewed.empty() ? "" : ": " + renewed);
}

/// Among several records of a token the person's choice; without a terminal the latest.
std::optional<Record> choose_of(const Session& session, const RenewedCertificates& certificates,
                                const std::vector<Record>& all, Terminal* terminal) {
  if (all.empty()) return std::nullopt;
  if (all.size() == 1 || terminal == nullptr || session.arguments.yes) return all.back();
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const Record& record : all) names.push_back(begun_text(session, certificates, record));
  return all[choose_number(session, *terminal, session.console.say(texts::cli_cancel_several_on_token), names,
                           session.console.say(texts::cli_cancel_which_one))];
}

/// Reports the journal's present state: what is left of this token, and not of others like it.
void tell_end(const Session& session, const messages::TokenReport& token) {
  const auto others = those_of(token, unfinished_with_key(session, token));
  if (others.empty()) return session.console.print(texts::cli_cancel_done);
  session.console.print(texts::cli_cancel_done_of_several,
                        {begun_text(session, known_certificates(&token), others.back())});
}

void tell_renewed(const Console& console, const RenewedCertificates& certificates, const Record& record) {
  const std::string renewed = renewed_text(console, certificates, record);
  if (!renewed.empty()) console.field(texts::cli_field_certificate, renewed);
}

/// What stands of the certificate in use once this is given up; `token`: as it was just read, null where it
/// is not inserted.
void tell_old(const Session& session, const RenewedCertificates& certificates, const Record& record,
              const messages::TokenReport* token) {
  const auto stands = renewal::once_given_up(what_stands_of_old(session, record, certificates, token));
  session.console.print(renewal::stays_as_it_was(stands) ? texts::cli_cancel_in_use_stays
                                                         : renewal::sentence_of(stands));
}

/// Announces the effects before anything is changed.
void tell(const Session& session, const messages::TokenReport& token, const std::optional<Record>& record,
          bool keep_key) {
  const Console& console = session.console;
  if (!record) return console.print(texts::cli_cancel_only_keys, {token_name(token)});
  console.print(record->enrollment ? texts::cli_cancel_given_up_reissue : texts::cli_cancel_given_up_renewal,
                {to_local_text(record->started, console.language()), token_name(token)});
  const auto certificates = known_certificates(&token);
  tell_renewed(console, certificates, *record);
  tell_old(session, certificates, *record, &token);
  if (record->state == State::written) return console.print(texts::cli_cancel_new_certificate_stays);
  if (record->state == State::issued) console.print(texts::cli_cancel_issued_is_lost);
  if (!record->same_key) console.print(keep_key ? texts::cli_cancel_key_stays : texts::cli_cancel_key_goes);
}

void ask(const Session& session, const Text& declined) {
  const auto terminal = Terminal::open();
  if (terminal == nullptr)
    throw UsageError(session.console.language(), texts::cli_usage_nobody_to_ask, {"koshin cancel"});
  if (terminal->ask(session.console.say(texts::cli_cancel_go_on_question), session.interrupt) != "yes")
    throw Declined("not confirmed; nothing was changed", declined);
}

void tell_keys(const Console& console, const Text& words, const std::vector<messages::KeyReport>& keys) {
  for (const auto& key : keys)
    console.print(words, {key.key_algorithm, key.made_on.empty() ? "?" : key.made_on, key.key_id});
}

std::string name_of(const Session& session, const Record& record) {
  return "\"" + printable(record.token_label, 100) + "\" (" +
         printable(renewal::serial_number(record.token), 60) + ")" + of_bank_text(session, record);
}

/// The value of an attribute of a token URI (RFC 7512), decoded; empty when it has none.
std::string attribute_of(std::string_view uri, std::string_view name) {
  const std::string path = ";" + std::string(uri.substr(std::min(uri.find(':'), uri.size() - 1) + 1));
  const auto begin = path.find(";" + std::string(name) + "=");
  if (begin == std::string::npos) return {};
  const auto first = begin + name.size() + 2;
  const std::string value = path.substr(first, path.find_first_of(";?", first) - first);
  return percent_decode(value).value_or(value);
}

/// Compares by the rule of renewal::token_key().
bool has_serial(const Record& record, const std::string& serial) {
  const auto& [manufacturer, model, remembered] = record.token;
  return renewal::token_key(manufacturer, model, serial, record.token_label).serial == remembered;
}

/// Whether --token, if given, matches the token of this record.
bool is_meant(const Session& session, const Record& record) {
  const std::string& uri = session.arguments.token_uri;
  if (!is_of_named(session, record)) return false;
  if (!bank_is_open(session) && !renewal::is_of_bank(record, {}, session.settings)) return false;
  if (uri.empty()) return true;
  const std::string serial = attribute_of(uri, "serial"), label = attribute_of(uri, "token");
  return (serial.empty() || has_serial(record, serial)) && (label.empty() || record.token_label == label);
}

/// The unfinished record of an absent token: the only one, or the person's choice.
Record choose_unfinished(const Session& session, Terminal* terminal, const Failure& not_found) {
  auto all = renewal::Journal::open(paths::journal_file())->all_unfinished();
  std::erase_if(all, [&](const Record& record) { return !is_meant(session, record); });
  if (all.empty()) throw FailureError(not_found);
  if (all.size() == 1) return all.front();
  std::vector<std::string> names;
  names.reserve(all.size());
  const auto certificates = known_certificates(nullptr);
  for (const Record& record : all)
    names.push_back(name_of(session, record) + ", " + begun_text(session, certificates, record));
  if (terminal == nullptr) {
    fail(Reason::token_ambiguous,
         "plug the token in that is meant; renewals are unfinished of " + joined(names, "; "));
  }
  const std::size_t chosen =
      choose_number(session, *terminal, session.console.say(texts::cli_cancel_several_unfinished), names,
                    session.console.say(texts::cli_cancel_which_one));
  return all[chosen];
}

void tell_without_token(const Session& session, const Record& record) {
  const Console& console = session.console;
  console.print(texts::cli_cancel_not_here,
                {printable(record.token_label, 100), printable(record.token.model, 60),
                 printable(renewal::serial_number(record.token), 60)});
  console.print(record.enrollment ? texts::cli_cancel_given_up_reissue : texts::cli_cancel_given_up_renewal,
                {to_local_text(record.started, console.language()), name_of(session, record)});
  const auto certificates = known_certificates(nullptr);
  tell_renewed(console, certificates, record);
  if (renewal::may_have_the_only_copy(record))
    console.print(texts::cli_cancel_only_copy_goes);
  else
    tell_old(session, certificates, record, nullptr);
  if (record.state == State::written) return console.print(texts::cli_cancel_new_certificate_stays);
  if (record.state == State::issued) console.print(texts::cli_cancel_certificate_may_be_there);
  if (!record.same_key) console.print(texts::cli_cancel_key_may_be_there);
}

/// Throws when the record has changed: the renewal may have continued while the person was deciding.
void check_unchanged(const Record& record) {
  for (const Record& now : renewal::Journal::open(paths::journal_file())->all_unfinished()) {
    if (now.number == record.number && now.state == record.state && now.changed == record.changed &&
        now.key_id == record.key_id)
      return;
  }
  fail(Reason::token_busy, "the renewal has gone on meanwhile; nothing was given up, look again");
}

/// Cancels in the journal only. No other process may be using the token.
int cancel_without_token(const Session& session, const Failure& not_found) {
  const auto terminal = Terminal::open();
  Record record = choose_unfinished(session, terminal.get(), not_found);
  tell_without_token(session, record);
  if (session.arguments.yes && renewal::may_have_the_only_copy(record))
    fail(Reason::prune_not_allowed,
         "this computer's journal alone may have the certificate that the renewal replaces: insert the "
         "token, or leave --yes out to be asked");
  if (!session.arguments.yes) ask(session, texts::cli_cancel_given_up_nothing);
  const auto lock = renewal::TokenLock::acquire(record.token);
  check_unchanged(record);
  messages::CancelResult result;
  result.state = to_string(record.state);
  result.started = record.started;
  result.enrollment = record.enrollment;
  const Record before = record;
  record.last_failure = Failure{Reason::given_up, "a person said so, without the token", {}};
  renewal::enter(record, State::abandoned, session.now);
  renewal::Journal::open(paths::journal_file())->save(record);
  session.console.document(cancelled_json(session, result, nullptr, &before, known_certificates(nullptr)));
  session.console.print(texts::cli_cancel_done_in_journal);
  return 0;
}

/// The token to examine; empty when no matching token is inserted.
std::optional<messages::TokenReport> find_token(const Session& session, Terminal* terminal,
                                                Failure& not_found) {
  try {
    return choose_token(session, inspect_eligible(session), terminal);
  } catch (const FailureError& error) {
    // Modules present empty slots as uninitialised tokens.
    const Reason reason = error.failure().reason;
    const bool not_shown = reason == Reason::token_not_found || reason == Reason::card_held;
    if (!not_shown && reason != Reason::token_uninitialized) throw;
    not_found = error.failure();
    return std::nullopt;
  }
}

/// Without --bank: the bank of the record; for unused keys alone, a bank with a certificate on the token.
std::string bank_to_cancel(const Session& session, const messages::TokenReport& token,
                           const std::optional<Record>& record) {
  if (record) {
    std::string bank = renewal::bank_of(*record, token, session.settings);
    // A record of a bank that has left the settings is given up by the settings of any other.
    return session.deployment.find(bank) == nullptr ? session.deployment.banks.front().bank() : bank;
  }
  for (const auto& certificate : token.certificates)
    if (!certificate.bank.empty()) return certificate.bank;
  bank_must_be_named(session, "nothing tells which bank's renewal is meant");
}

/// `all`: the session of the command, of one bank only if one was named.
int cancel_on(const Session& all, const Session& session, const messages::TokenReport& token,
              const std::optional<Record>& record) {
  messages::Job job = job_for(session, messages::JobKind::cancel);
  job.keep_key = session.arguments.keep_key || !renewal::profile_of(session.settings).deletes_pairs();
  if (record) job.record_number = static_cast<std::uint64_t>(record->number);
  if (!record && job.keep_key)
    fail(Reason::nothing_unfinished, "on token \"" + printable(token.label, 100) + "\"");
  tell(session, token, record, job.keep_key);
  if (!session.arguments.yes)
    ask(session, record ? texts::cli_cancel_given_up_nothing : texts::cli_cancel_looked_for_nothing);
  PreparedJob prepared{.job = job, .secrets = {}, .token = token};
  prepared.job.module = token.module;
  prepared.job.token_uri = token.uri;
  if (!job.keep_key) prepared = prepare_job_on(session, std::move(job), token);
  const auto result = result_of<messages::CancelResult>(
      run_worker(session, prepared.job, prepared.secrets, [](const messages::Event&) {}));
  session.console.document(
      cancelled_json(session, result, &token, record ? &*record : nullptr, known_certificates(&token)));
  tell_end(all, token);
  tell_keys(session.console, texts::cli_cancel_removed_key, result.removed);
  tell_keys(session.console, texts::cli_cancel_kept_key, result.kept);
  return 0;
}

}  // namespace

int run_cancel(const Session& session) {
  const auto terminal = Terminal::open();
  Failure not_found{};
  const auto found = find_token(session, terminal.get(), not_found);
  if (!found) return cancel_without_token(session, not_found);
  const auto record =
      choose_of(session, known_certificates(&*found), unfinished_of(session, *found), terminal.get());
  if (!bank_is_open(session)) return cancel_on(session, session, *found, record);
  return cancel_on(session, for_bank(session, bank_to_cancel(session, *found, record)), *found, record);
}

}  // namespace koshin::cli
