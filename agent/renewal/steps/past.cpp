// SPDX-License-Identifier: MIT
// Resumption of earlier runs. The journal holds the intent; the token shows which effects happened.
#include "renewal/steps/past.hpp"

#include <algorithm>

#include "foundation/base/text.hpp"
#include "foundation/log/log.hpp"
#include "foundation/settings/expectation.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/precedence.hpp"
#include "renewal/steps/errand.hpp"
#include "renewal/steps/meeting.hpp"
#include "renewal/steps/replaced_certificate.hpp"
#include "renewal/steps/second_leg.hpp"
#include "renewal/steps/state_change.hpp"
#include "renewal/steps/steps.hpp"
#include "renewal/token/exchange.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/token_objects.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

constexpr std::chrono::hours believable_lead{24};

using messages::CertificateReport;

/// Logs a record whose times are in the future: the clock was ahead when it was written. That proves nothing
/// about the present clock, which check_clock() (checks.cpp) compares with the authority's.
void log_future_record(const Record& record, TimePoint now) {
  if (record.changed <= now + believable_lead) return;
  log::info(log::Event::none, "the journal has an entry of " + to_rfc3339(record.changed) +
                                  ", which is in the future; the clock may have been wrong then");
}

/// Why this record cannot be completed; empty when it can.
std::string why_hopeless(const Workspace& work, const messages::TokenReport& report, const Record& record) {
  if (record.state != State::planned && !pair_is_there(work.token, record)) {
    return "its key pair is not on the token any more";
  }
  // The authority counts the issued certificate as the one in use: the record is completed, and given up when
  // the certificate does not log in.
  if (record.state >= State::issued) {
    if (record.new_not_after <= work.context.now()) return "what was issued has expired";
    return place_has_another(work.token, record) ? "its slot has another certificate by now" : "";
  }
  // A one-time code is issued when the earlier certificate does not log in.
  if (work.enrolling() && !record.enrollment) return "a re-issue takes its place";
  if (record.enrollment) return work.enrolling() ? "" : "the certificate on the token is renewed instead";
  const CertificateReport* old = find_certificate(report, record.old_sha256);
  if (old == nullptr) return "the certificate it renews is not on the token any more";
  if (!old->replaced_by.empty()) return "the certificate it renews has been replaced by another one";
  return why_without_home(work, report, record);
}

/// Asks the authority for the time before an issued certificate is given up because of its date.
void check_date_of_issued(Workspace& work, const Record& record) {
  if (record.state < State::issued || record.new_not_after > work.context.now()) return;
  check_date_with_authority(work, [&](TimePoint theirs) { return record.new_not_after > theirs; });
}

/// Throws FailureError{reissue_needed} for an enrolment without certificate when the job has no code, unless
/// there is a certificate to renew.
void check_way_on(Workspace& work, const messages::TokenReport& report, const Record& record) {
  if (record.state >= State::issued || work.enrolling()) return;
  const auto& context = work.context;
  if (record.enrollment) {
    const auto choice =
        choose_certificate(report, context.job.certificate_sha256, context.settings, context.now(), false);
    if (choice.certificate != nullptr) return;
    fail(Reason::reissue_needed, "a re-issue was begun at " + to_rfc3339(record.started) +
                                     " and needs its one-time code to go on: koshin enroll");
  }
  const CertificateReport* found = find_certificate(report, record.old_sha256);
  if (found == nullptr) return;
  const CertificateReport old = *found;  // a copy: asking the authority may replace the report
  const auto is_past = [&](TimePoint when) {
    return is_past_renewal(old.purpose, old.not_after, context.settings.renewal, when);
  };
  if (!is_past(context.now())) return;
  check_date_with_authority(work, [&](TimePoint theirs) { return !is_past(theirs); });
  fail(Reason::reissue_needed, "\"" + old.common_name + "\" expired at " + to_rfc3339(old.not_after) +
                                   " before its renewal, begun at " + to_rfc3339(record.started) +
                                   ", was finished. The new key is kept for the re-issue");
}

/// Retry-After binds unattended jobs. A person may ask earlier, and gets a notice.
void enforce_retry_after(const Workspace& work, const Record& record) {
  const auto& context = work.context;
  const auto until = wait_asked_for(record, context.now());
  if (!until || *until <= context.now() || record.state >= State::issued) return;
  if (context.job.unattended && !context.job.force) {
    const Failure& last = *record.last_failure;
    throw FailureError(Failure{last.reason,
                               last.detail + "; it is not asked again before " + to_rfc3339(*until),
                               *until - context.now()});
  }
  context.emit(messages::NoticeEvent{"asked_early", "The authority wanted not to be asked before " +
                                                        to_rfc3339(*until) +
                                                        "; it is asked now all the same."});
}

/// The certificate that another computer has written for this record's pair: that computer resumed with the
/// same pair.
const pkcs11::TokenObject* written_elsewhere(const OpenToken& token, const Record& record) {
  if (record.same_key || record.public_key.empty() || record.state >= State::written) return nullptr;
  const auto& all = token.objects();
  const auto found = std::find_if(all.begin(), all.end(), [&](const pkcs11::TokenObject& object) {
    return object.object_class == pkcs11::ObjectClass::certificate && object.id == record.key_id &&
           object.public_key == record.public_key && object.certificate != record.certificate &&
           !is_placeholder(token, object);
  });
  return found == all.end() ? nullptr : &*found;
}

/// A written certificate that is missing on the token is written again; a certificate that another computer
/// has written for the pair is taken for the proof.
void correct_state(const OpenToken& token, Record& record) {
  if (const auto* object = written_elsewhere(token, record)) {
    record.certificate = object->certificate;
    record.new_not_after = enrollment::Certificate::from_der(object->certificate).not_after();
    record.state = State::written;
  }
  if (record.state == State::written &&
      find_certificate(token, record.certificate, record.key_id) == nullptr) {
    record.state = State::issued;
  }
}

bool same_bytes(const Bytes& found, const Bytes& recorded) {
  return !recorded.empty() && found == recorded;
}

/// The latest unfinished record that this job resumes. Where each gives way to the certificate of another
/// one, the record of the certificate that is renewed then.
std::optional<Record> unfinished_for(const Workspace& work, const messages::TokenReport& report) {
  const auto& job = work.context.job;
  const bool unnamed = job.kind == messages::JobKind::renew && job.certificate_sha256.empty() && !job.force;
  const std::string named = unnamed ? due_beside_unfinished(work) : std::string();
  std::optional<Record> found, of_named;
  for (Record& record : work.context.journal.all_unfinished()) {
    if (!is_of(record, work.token, report)) continue;
    if (continues_record(work.context, report, record)) {
      found = std::move(record);
    } else if (!named.empty() && record.old_sha256 == named &&
               is_of_bank(record, report, work.context.settings)) {
      of_named = std::move(record);
    }
  }
  return found ? found : of_named;
}

/// `number`: number of the record; 0: the latest that fits.
std::optional<Record> latest_unfinished(Journal& journal, std::uint64_t number, const auto& fits) {
  std::optional<Record> found;
  for (Record& record : journal.all_unfinished()) {
    const bool is_meant = number == 0 || record.number == static_cast<std::int64_t>(number);
    if (is_meant && fits(record)) found = std::move(record);
  }
  return found;
}

/// Goes on with the record, or marks it as hopeless.
void resume(Workspace& work, const messages::TokenReport& report, Record record) {
  log_future_record(record, work.context.now());
  check_date_of_issued(work, record);
  const bool was_read_back = record.state == State::written;
  correct_state(work.token, record);
  check_way_on(work, report, record);
  if (const std::string why = why_hopeless(work, report, record); !why.empty()) {
    record.last_failure = Failure{Reason::given_up, why, {}};
    work.hopeless = std::move(record);
    give_up_hopeless(work);
    return;
  }
  enforce_retry_after(work, record);
  work.record = std::move(record);
  work.resumed_issued = work.record.state >= State::issued;
  work.rewrites =
      was_read_back && work.record.state == State::issued && !is_put_back(work.token, work.record);
}

}  // namespace

bool pair_is_there(const OpenToken& token, const Record& record) {
  if (find_private_key(token, record.key_id) == nullptr) return false;
  const Bytes public_key = find_public_key(token, record.key_id);
  return public_key.empty() || public_key == record.public_key;
}

bool is_of(const Record& record, const OpenToken& token, const messages::TokenReport& report) {
  if (record.token != token.key()) return false;
  const bool by_number = match_record(record, report) == RecordMatch::unknown &&
                         shows_key(report, to_hex(record.key_id));  // a key that may be another card's
  if (!by_number && belongs_to(record, report)) return true;
  const auto& all = token.objects();
  const bool shown = std::any_of(all.begin(), all.end(), [&](const pkcs11::TokenObject& object) {
    return same_bytes(object.certificate, record.certificate) ||
           same_bytes(object.public_key, record.public_key);
  });
  const bool nothing_to_show =
      (record.state == State::planned || record.old_sha256.empty()) && !is_one_of_many(record.token);
  return shown || (nothing_to_show && record.token_label == token.info().label);
}

std::optional<messages::PendingResult> not_yet(const JobContext& context, const Record& record) {
  if (context.job.force || context.job.dry_run) return {};
  if (!waits_for_authority(record, context.now())) return {};
  if (record.enrollment != (context.job.kind == messages::JobKind::enroll)) return {};
  return messages::PendingResult{*record.ask_again, {}};
}

/// A record that may belong to another token, by its objects, is left to take_over_unfinished(). Before the
/// job ends as pending, the token is searched for a certificate of another holder that can be renewed.
std::optional<messages::PendingResult> still_pending(const JobContext& context, OpenToken& token) {
  std::optional<messages::PendingResult> pending;
  for (const Record& record : context.journal.all_unfinished()) {
    const bool here = record.token == token.key() && belongs_to(record, report_unopened(token));
    if (!here || !continues_record(context, {}, record)) continue;
    const auto waits = not_yet(context, record);
    const bool may_be_another = waits && context.job.certificate_sha256.empty();
    if (may_be_another && !token.is_open()) token.open_without_login();
    const auto is_meant = [&](const messages::TokenReport& report) {
      return belongs_to(record, report) && continues_record(context, report, record);
    };
    if (!may_be_another || is_meant(token.report())) pending = waits;
  }
  return pending;
}

std::string due_beside_unfinished(const Workspace& work) {
  for (const Record& record : work.context.journal.all_unfinished()) {
    if (!is_of(record, work.token, work.report)) continue;
    const auto* other = due_beside(record, work.report, work.context.settings, work.context.now());
    if (other != nullptr) return other->sha256;
  }
  return {};
}

std::optional<Record> unfinished_of(const JobContext& context, const OpenToken& token,
                                    const messages::TokenReport& report, std::uint64_t number) {
  return latest_unfinished(context.journal, number, [&](const Record& record) {
    const bool mine = number != 0 || is_of_bank(record, report, context.settings);
    return mine && is_of(record, token, report);
  });
}

std::optional<Record> vanished_from(const JobContext& context, const OpenToken& token,
                                    const messages::TokenReport& report, std::uint64_t number) {
  if (number == 0 && is_one_of_many(token.key())) return {};
  return latest_unfinished(context.journal, number, [&](const Record& record) {
    return record.token == token.key() && record.token_label == token.info().label &&
           is_of_bank(record, report, context.settings) && match_record(record, report) == RecordMatch::no;
  });
}

void take_over_unfinished(Workspace& work, const messages::TokenReport& report) {
  auto record = unfinished_for(work, report);
  if (record && !is_left_to_enrolled(work, *record)) resume(work, report, std::move(*record));
}

std::optional<Record> unfinished_leg(const Workspace& work, const std::string& spare_sha256) {
  return latest_unfinished(work.context.journal, 0, [&](const Record& one) {
    return one.old_sha256 == spare_sha256 &&
           work.token.profile().after_proof(one) == AfterProof::clear_spare &&
           is_of(one, work.token, work.report);
  });
}

void take_over_leg(Workspace& work) {
  auto record = unfinished_leg(work, work.named);
  if (record) resume(work, work.report, std::move(*record));
}

void give_up_hopeless(Workspace& work) {
  if (!work.may_change || !work.hopeless) return;
  log::warning(log::Event::renewal_failed, "renewal " + std::to_string(work.hopeless->number) + ": " +
                                               work.hopeless->last_failure->detail);
  change_state(work.context, *work.hopeless, State::abandoned);
  work.hopeless.reset();
}

void renew_request(Workspace& work) {
  Record& record = work.record;
  if (record.number == 0 || !work.enrolling() || record.state < State::requested) return;
  if (enrollment::subject_of(exchange_of(record)) == subject_of(work)) return;
  log::info(log::Event::none, "the request of an earlier run has another name; it is signed anew");
  record.state = State::generated;
}

}  // namespace koshin::renewal
