// SPDX-License-Identifier: MIT
#include "cli/dead_worker.hpp"

#include <algorithm>

#include "cli/report.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::cli {
namespace {

bool tells_nothing_more(const messages::Event& end) {
  const auto* failure = std::get_if<Failure>(&end);
  if (failure == nullptr) return false;
  constexpr Reason ends[] = {Reason::worker_failed, Reason::module_crashed, Reason::module_hung,
                             Reason::deadline_exceeded};
  return std::ranges::find(ends, failure->reason) != std::end(ends);
}

bool was_told(const Progress& progress) {
  return std::ranges::any_of(progress.notices(), [](const messages::NoticeEvent& notice) {
    return renewal::parse_notice_code(notice.code).has_value();
  });
}

/// What tokens were last seen with, the job's own before others.
RenewedCertificates seen_certificates(const PreparedJob& prepared) {
  RenewedCertificates certificates(renewal::Journal::open_to_read(paths::journal_file())->memories());
  if (prepared.token) certificates.add(*prepared.token);
  return certificates;
}

}  // namespace

void tell_of_old_by_journal(const Session& session, const PreparedJob& prepared, const messages::Event& end,
                            Progress& progress) {
  if (!tells_nothing_more(end) || was_told(progress)) return;
  try {
    for (const auto& record : renewal::Journal::open(paths::journal_file())->all_unfinished()) {
      if (prepared.token && record.token != renewal::token_key(*prepared.token)) continue;
      const auto stands = what_stands_of_old(session, record, seen_certificates(prepared), nullptr);
      if (stands == renewal::OldCertificate::untouched) continue;
      progress.on_event(messages::NoticeEvent{renewal::notice_code(stands),
                                              std::string(renewal::sentence_of(stands).in(Language::en))});
      return progress.end();
    }
  } catch (const FailureError& error) {  // the worker's end is reported
    log::warning(log::Event::none, "the journal cannot be read: " + error.failure().detail);
  }
}

}  // namespace koshin::cli
