// SPDX-License-Identifier: MIT
// Repeated enrolments: the last run was completed, or came as far as its second leg, and its code is used up.
#include <algorithm>

#include "enrollment/x509/certificate.hpp"
#include "foundation/log/log.hpp"
#include "foundation/settings/expectation.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/steps/errand.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/steps.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/token_objects.hpp"

namespace koshin::renewal {
namespace {

/// Whether the record was completed just now, and its certificate is on the token, unexpired, for the user in
/// question.
bool is_in_use(const Workspace& work, const Record& record) {
  const TimePoint now = work.context.now();
  if (record.state != State::completed || record.new_not_after <= now) return false;
  if (record.changed + same_enrollment_period < now || record.changed > now + same_enrollment_period)
    return false;
  if (find_certificate(work.token, record.certificate, record.key_id) == nullptr) return false;
  if (!pair_is_there(work.token, record)) return false;
  const std::string& user = work.context.job.subject_user;
  const std::string name = enrollment::Certificate::from_der(record.certificate).common_name();
  return names_user(name, user);
}

/// Whether the record is the second leg of an enrolment among `records`.
bool follows_enrolment(const Workspace& work, const Record& record, const std::vector<Record>& records) {
  if (work.token.profile().after_proof(record) != AfterProof::clear_spare) return false;
  return std::any_of(records.begin(), records.end(), [&](const Record& first) {
    return first.enrollment && first.state == State::completed &&
           enrollment::sha256_of(pkcs11::ByteView(first.certificate)) == record.old_sha256;
  });
}

/// The enrolment that is the latest of this token's records, or its second leg if that came to its end.
std::optional<Record> last_enrolled(const Workspace& work) {
  auto records = work.context.journal.history_of(work.token.key(), records_looked_back);
  std::erase_if(records, [&](const Record& record) {
    return is_one_of_many(record.token) && !is_of(record, work.token, work.report);
  });
  for (const Record& record : records) {
    const bool second = follows_enrolment(work, record, records);
    if (record.enrollment || (second && record.state == State::completed)) return record;
    if (!second) return {};
  }
  return {};
}

/// The record of an enrolment that this run would repeat.
std::optional<Record> enrolled_before(const Workspace& work) {
  const auto& job = work.context.job;
  if (!work.enrolling() || job.force || job.dry_run) return {};
  auto last = last_enrolled(work);
  return last && is_in_use(work, *last) ? std::move(last) : std::nullopt;
}

}  // namespace

bool is_left_to_enrolled(const Workspace& work, const Record& record) {
  const auto before = enrolled_before(work);
  return before && follows_enrolment(work, record, {*before});
}

bool take_over_enrolled(Workspace& work) {
  if (work.record.number != 0) return false;
  const auto last = enrolled_before(work);
  if (!last) return false;
  work.rsa_pss = work.token.session().mechanisms().rsa_pss;
  work.record = *last;
  try {
    prove(work);
  } catch (const std::exception& error) {
    log::info(log::Event::none, "what was fetched before does not log in: " + as_failure(error).detail);
    work.token.session().take_signing_failure();
    work.record = {};
    work.new_key.reset();
    return false;
  }
  work.context.emit(messages::NoticeEvent{
      "enrolled_before", "The certificate that was fetched before is on the token and logs in."});
  return true;
}

}  // namespace koshin::renewal
