// SPDX-License-Identifier: MIT
#include "cli/dead_worker.hpp"

#include <algorithm>

#include "cli/report.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::cli {
namespace {

using renewal::Record;

/// A worker that was stopped and logs off in time ends as `interrupted` too; what it has told is enough then.
bool tells_nothing_more(const messages::Event& end) {
  const auto* failure = std::get_if<Failure>(&end);
  if (failure == nullptr) return false;
  constexpr Reason ends[] = {Reason::worker_failed, Reason::module_crashed, Reason::module_hung,
                             Reason::deadline_exceeded, Reason::interrupted};
  return std::ranges::find(ends, failure->reason) != std::end(ends);
}

/// Of the old certificate, or of the home slot where the second leg was not completed.
bool was_told(const Progress& progress) {
  return std::ranges::any_of(progress.notices(), [](const messages::NoticeEvent& notice) {
    return renewal::parse_notice_code(notice.code).has_value() || notice.code.starts_with("home_slot_");
  });
}

/// What tokens were last seen with, the job's own before others.
RenewedCertificates seen_certificates(renewal::Journal& journal, const PreparedJob& prepared) {
  RenewedCertificates certificates(journal.memories());
  if (prepared.token) certificates.add(*prepared.token);
  return certificates;
}

/// Before the checks are done nothing is changed, and which record the worker would have gone on with is not
/// known.
bool had_begun(const Progress& progress) {
  return !progress.steps().empty();
}

/// The token by what the record says of it.
messages::TokenReport token_of(const Record& record) {
  messages::TokenReport token;
  token.manufacturer = record.token.manufacturer;
  token.model = record.token.model;
  token.serial = renewal::serial_number(record.token);
  token.label = record.token_label;
  return token;
}

/// Whether the record is of the token that the job works on: that which a person was shown, else any that
/// --token or the settings may mean.
bool is_of_meant_token(const Session& session, const PreparedJob& prepared, const Record& record) {
  if (prepared.token)
    return record.token == renewal::token_key(*prepared.token) &&
           renewal::belongs_to(record, *prepared.token);
  Settings meant = session.settings;
  if (!prepared.job.token_uri.empty()) meant.token.uri = prepared.job.token_uri;
  return renewal::may_mean(meant, token_of(record));
}

/// A second leg renews another certificate than the job names: it fits no job that names one.
bool fits(const Session& session, const PreparedJob& prepared, const Record& record) {
  const std::string& named = prepared.job.certificate_sha256;
  return (named.empty() || record.old_sha256 == named) &&
         renewal::is_of_bank(record, prepared.token.value_or(messages::TokenReport{}), session.settings) &&
         is_of_meant_token(session, prepared, record);
}

/// The record that the worker had; empty where it could be any of several.
std::optional<Record> only_one_that_fits(const Session& session, renewal::Journal& journal,
                                         const PreparedJob& prepared) {
  auto all = journal.all_unfinished();
  std::erase_if(all, [&](const Record& record) { return !fits(session, prepared, record); });
  return all.size() == 1 ? std::optional(std::move(all.front())) : std::nullopt;
}

}  // namespace

void tell_of_old_by_journal(const Session& session, const PreparedJob& prepared, const messages::Event& end,
                            Progress& progress) {
  if (!tells_nothing_more(end) || !had_begun(progress) || was_told(progress)) return;
  try {
    const auto journal = renewal::Journal::open_to_read(paths::journal_file());
    const auto record = only_one_that_fits(session, *journal, prepared);
    if (!record) return;
    const auto stands = what_stands_of_old(session, *record, seen_certificates(*journal, prepared), nullptr);
    if (stands == renewal::OldCertificate::untouched) return;
    progress.on_event(messages::NoticeEvent{renewal::notice_code(stands),
                                            std::string(renewal::sentence_of(stands).in(Language::en))});
    progress.end();
  } catch (const FailureError& error) {  // the worker's end is reported; the next renewal says of the journal
    log::warning(log::Event::none, "the journal cannot be read: " + error.failure().detail);
  }
}

}  // namespace koshin::cli
