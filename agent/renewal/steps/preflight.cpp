// SPDX-License-Identifier: MIT
// Everything that can be found out before the first irreversible step: the token's state, which certificate,
// which key, the clock, and whether the authority can be reached with the old certificate.
#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/steps/checks.hpp"
#include "renewal/steps/errand.hpp"
#include "renewal/steps/meeting.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/state_change.hpp"
#include "renewal/steps/steps.hpp"
#include "renewal/token/known_authorities.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;

/// For a renewal: the certificate the record names, else the one that is due, beside those whose renewals can
/// only wait.
void name_old(Workspace& work) {
  const bool resumed = work.record.number != 0;
  work.named = resumed ? work.record.old_sha256 : work.context.job.certificate_sha256;
  if (work.named.empty()) work.named = due_beside_unfinished(work);
  work.due_or_not = work.context.job.force || resumed;
}

/// For an enrolment: the name is taken over from the latest certificate of this user, which may have expired.
void choose_name(Workspace& work) {
  const CertificateReport* best = certificate_of_user(work.context, work.report);
  if (best != nullptr) {
    take_old(work, *best);
  } else if (work.context.job.subject_user.empty()) {
    fail(Reason::usage_error, "no certificate on the token tells whose it is: name the user ID (--user)");
  }
}

void tell_of_old_tls(const Workspace& work) {
  const bool rsa = work.old_certificate && work.old_certificate->key_algorithm().starts_with("rsa");
  if (!rsa || work.rsa_pss) return;
  work.context.emit(messages::NoticeEvent{
      "tls_capped_at_1_2", "This token cannot make RSA-PSS signatures, so connections use TLS 1.2 at most."});
}

/// What a person should know before the first irreversible step, though it may come out well.
void tell_of(const Workspace& work, const Found& found) {
  if (found.status != Found::Status::unknown) return;
  DoctorCheck words;
  words.finding = to_string(found.finding);
  words.values = found.values;
  work.context.emit(messages::NoticeEvent{words.finding, text_in_words(words, Language::english)});
}

/// The key is there, or is on its way: it is not chosen anew, unless it is another one than is wished by now.
bool goes_on_with_its_key(Workspace& work) {
  return work.record.number != 0 && !give_up_unfit(work, key_wish(work), work.mechanisms);
}

/// The authority has just told which of its issuers count as one: what was chosen may have been replaced by a
/// certificate that seemed to be another one's.
void check_still_due(const Workspace& work) {
  const auto& context = work.context;
  if (work.enrolling() || work.record.number != 0 || context.job.force) return;
  const auto report = work.token.report();
  const auto choice_of = [&](std::string_view sha256) {
    return choose_certificate(report, sha256, context.settings, context.now(), false);
  };
  for (const std::string_view sha256 :
       {std::string_view(work.named), std::string_view(work.old_report.sha256)})
    if (const auto choice = choice_of(sha256); choice.failure) throw FailureError(*choice.failure);
}

/// The list that the doctor makes too, as far as it is about this job.
void make_checks(Workspace& work) {
  for (const CheckRow& row : renewal_checks()) {
    if (row.renewals_only && work.enrolling()) continue;
    if (row.examined == Examined::new_key && goes_on_with_its_key(work)) continue;
    if (!can_be_made(work, row.needs))
      fail(Reason::internal_error, std::string(to_string(row.examined)) + " cannot be checked yet");
    const Found found = row.run(work);
    if (found.failure) throw FailureError(*found.failure);
    tell_of(work, found);
    if (row.examined == Examined::mechanisms) tell_of_old_tls(work);
    if (row.examined == Examined::authority &&
        remember_authorities(work.context.settings, work.authority->ca_certificates()))
      check_still_due(work);
  }
}

void settle_key(Workspace& work) {
  if (!work.key_choice) return;
  work.record.same_key = work.key_choice->same_key;
  if (work.record.same_key) work.record.key_id = key_of_certificate(work.token, *work.old_certificate).id;
  work.record.key_algorithm = work.key_choice->algorithm;
}

void begin_record(Workspace& work) {
  Record& record = work.record;
  record.token = work.token.key();
  record.token_label = work.token.info().label;
  record.bank = work.context.settings.bank();
  record.enrollment = work.enrolling();
  record.old_sha256 = work.old_report.sha256;
}

/// Whether this job goes beyond what changes nothing. A card may have been reset while the person was
/// thinking.
bool goes_on(Workspace& work) {
  const auto& context = work.context;
  if (context.job.await_go && !context.stop.stop_requested()) {
    context.emit(messages::ReadyEvent{});
    work.may_change = context.wait_for_go() && work.token.still_logged_in();
    give_up_hopeless(work);
    if (work.authority) work.authority->after_pause();
  }
  return work.may_change;
}

/// Of this job's bank, as far as can be told before the token was looked at.
std::vector<Record> unfinished_here(const Workspace& work) {
  return of_bank(work.context.journal.all_unfinished(), unopened(work.token), work.context.settings);
}

/// Whether keys are made and certificates written by an officer, and this run gets that far: all that is left
/// of an interrupted renewal may be its proof, which takes no more than the user's PIN.
bool needs_officer(const Workspace& work) {
  if (work.token.profile().maker() == Maker::user || work.context.job.dry_run) return false;
  const auto all = unfinished_here(work);
  const Record* unfinished = unfinished_on(unopened(work.token), all);
  return unfinished == nullptr || unfinished->state != State::written;
}

/// A job without a PIN finds out what needs none, so that nobody types one in vain: whether there is anything
/// to renew, by the authority's clock too.
void check_without_pin(Workspace& work) {
  const auto& context = work.context;
  const bool has_pin = context.pin != nullptr || context.job.protected_path;
  if (has_pin || work.enrolling() || !work.token.info().login_required) return;
  const auto all = unfinished_here(work);
  if (unfinished_on(unopened(work.token), all) != nullptr) return;
  work.token.look_without_login();
  work.report = work.token.report();
  name_old(work);
  const auto choice = choose_old_certificate(work);
  if (choice.failure && !pin_may_tell(work, choice)) throw FailureError(*choice.failure);
}

}  // namespace

std::optional<messages::Event> preflight(Workspace& work) {
  const auto& context = work.context;
  check_own_clock(context.now());
  check_without_pin(work);
  if (needs_officer(work)) work.token.check_maker();
  work.token.log_in(pkcs11::Access::read_write);
  work.report = work.token.report();
  if (!work.report.trouble.empty()) {
    fail(parse_reason(work.report.trouble).value_or(Reason::token_error),
         "the token's certificates cannot be read");
  }
  take_over_unfinished(work, work.report);
  if (auto pending = not_yet(context, work.record)) return *pending;
  if (take_over_enrolled(work)) return {};
  const bool taken_over = take_over_written(work, work.report);
  if (taken_over || (work.record.number != 0 && work.record.state >= State::issued)) {
    check_mechanisms(work);
  } else {
    work.enrolling() ? choose_name(work) : name_old(work);
    renew_request(work);
    make_checks(work);
    settle_key(work);
    if (work.record.number == 0) begin_record(work);
    check_wrong_answers(work);
  }
  if (goes_on(work)) {
    if (taken_over) change_state(context, work.record, State::written);
    return {};
  }
  messages::RenewResult result;
  result.dry_run = true;
  result.token = work.report;
  result.old_certificate = work.old_report;
  return result;
}

}  // namespace koshin::renewal
