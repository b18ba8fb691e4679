// SPDX-License-Identifier: MIT
// All checks before the first irreversible step: the token's state, the choice of certificate and key, the
// clock, and whether the authority is reachable with the old certificate.
#include "renewal/policy/claims.hpp"
#include "renewal/policy/home_slot.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/steps/checks.hpp"
#include "renewal/steps/errand.hpp"
#include "renewal/steps/lost_certificate.hpp"
#include "renewal/steps/meeting.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/state_change.hpp"
#include "renewal/steps/steps.hpp"
#include "renewal/steps/trial_object.hpp"
#include "renewal/token/known_authorities.hpp"
#include "renewal/token/left_pairs.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;

/// Where nothing is due: selects the certificate that waits in a spare slot for its home slot.
void look_for_second_leg(Workspace& work) {
  const auto& context = work.context;
  const auto choice = choose_certificate(work.report, work.named, context.settings, context.now(), false);
  if (!choice.failure || choice.failure->reason != Reason::not_due) return;
  const auto records = records_of_keys(work.token, context.journal);
  const CertificateReport* waiting =
      waits_for_home(work.report, context.settings, records, context.now(), work.named);
  if (waiting == nullptr) return;
  work.named = waiting->sha256;
  work.due_or_not = work.returning = true;
}

/// For a renewal: selects the certificate that the record names, else the due one, beside records that can
/// only wait.
void choose_old(Workspace& work) {
  const bool resumed = work.record.number != 0;
  work.named = resumed ? work.record.old_sha256 : work.context.job.certificate_sha256;
  if (work.named.empty()) work.named = due_beside_unfinished(work);
  work.due_or_not = work.context.job.force || resumed;
  work.returning = false;
  if (!work.due_or_not) look_for_second_leg(work);
}

/// For an enrolment: takes the name from the latest certificate of this user, possibly expired.
void choose_name(Workspace& work) {
  const CertificateReport* best = certificate_of_user(work.context, work.report);
  if (best != nullptr) {
    load_old_certificate(work, *best);
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

/// What the new key may do otherwise than the old one, before it is made.
void tell_of_touch(const Workspace& work) {
  const bool new_key = work.record.state == State::planned && work.context.settings.renewal.key != "renew";
  if (!new_key || work.returning || !work.old_report.key_policies.needs_touch()) return;
  work.context.emit(messages::NoticeEvent{
      "touch_policy_may_drop",
      "The present key asks for a touch; the new one does where the module can set it for a new key."});
}

/// Sends warnings of a check as notices.
void emit_warnings(const Workspace& work, const Found& found) {
  if (found.status != Found::Status::unknown) return;
  DoctorCheck words;
  words.finding = to_string(found.finding);
  words.values = found.values;
  work.context.emit(messages::NoticeEvent{words.finding, text_in_words(words, Language::en)});
}

/// Whether the record's key stays: it was generated or planned, and the present requirements accept it.
bool goes_on_with_its_key(Workspace& work) {
  return work.record.number != 0 && !give_up_unfit(work, key_wish(work), work.mechanisms);
}

/// Throws when the chosen certificate is no longer due: the authority's CA certificates may have shown that
/// another certificate replaces it.
void check_still_due(const Workspace& work) {
  const auto& context = work.context;
  if (work.enrolling() || work.returning || work.record.number != 0 || context.job.force) return;
  const auto report = work.token.report();
  const auto choice_of = [&](std::string_view sha256) {
    return choose_certificate(report, sha256, context.settings, context.now(), false);
  };
  for (const std::string_view sha256 :
       {std::string_view(work.named), std::string_view(work.old_report.sha256)})
    if (const auto choice = choice_of(sha256); choice.failure) throw FailureError(*choice.failure);
}

/// Makes the checks of renewal_checks() that concern this job.
void make_checks(Workspace& work) {
  for (const CheckRow& row : renewal_checks()) {
    if (row.renewals_only && work.enrolling()) continue;
    if (row.examined == Examined::new_key && goes_on_with_its_key(work)) continue;
    if (!can_be_made(work, row.needs))
      fail(Reason::internal_error, std::string(to_string(row.examined)) + " cannot be checked yet");
    const Found found = row.run(work);
    if (found.failure) throw FailureError(*found.failure);
    emit_warnings(work, found);
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

/// Whether this job proceeds to changes. A card may have been reset while the person was deciding.
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

/// The unfinished records of this job's bank, as far as can be determined before the token's objects are
/// searched.
std::vector<Record> unfinished_here(const Workspace& work) {
  return of_bank(work.context.journal.all_unfinished(), report_unopened(work.token), work.context.settings);
}

/// Whether this run needs the security officer: the profile says so, and more than the proof, which needs
/// only the user's PIN, is left of an interrupted renewal.
bool needs_security_officer(const Workspace& work) {
  if (work.token.profile().key_manager() == KeyManager::user) return false;
  // A rehearsal is not given the secret; that the module cannot present it is found all the same.
  if (work.context.job.dry_run) return work.token.card_key().how == messages::ManagementKey::unusable;
  const auto all = unfinished_here(work);
  const Record* unfinished = unfinished_on(report_unopened(work.token), all);
  return unfinished == nullptr || !only_proof_is_left(*unfinished);
}

/// The checks of a job without a PIN, so that no PIN is typed in vain: whether there is anything to renew, by
/// the authority's clock too.
void check_without_pin(Workspace& work) {
  const auto& context = work.context;
  const bool has_pin = context.pin != nullptr || context.job.protected_path;
  if (has_pin || work.enrolling() || !work.token.info().login_required) return;
  const auto all = unfinished_here(work);
  if (unfinished_on(report_unopened(work.token), all) != nullptr) return;
  work.token.open_without_login();
  work.report = work.token.report();
  choose_old(work);
  const auto choice = choose_old_certificate(work);
  if (choice.failure && !pin_may_tell(work, choice)) throw FailureError(*choice.failure);
}

/// The checks of a job that goes on to the second leg: the token is open, the certificate chosen.
void check_second_leg(Workspace& work) {
  work.token.switch_user(pkcs11::User::user);
  take_over_leg(work);
  if (work.resumed_issued) {
    check_mechanisms(work);
    return;
  }
  make_checks(work);
  settle_key(work);
  if (work.record.number == 0) begin_record(work);
  check_wrong_answers(work);
}

/// Whether the certificate that is due is the one that the token was read for. None that was left unread can
/// be renewed or take its place (renewal/token/reading.hpp).
bool is_read_for_the_due_one(const Workspace& work, const Interest& interest) {
  const auto& context = work.context;
  const auto choice = choose_certificate(work.report, {}, context.settings, context.now(), context.job.force);
  return !choice.failure && choice.certificate != nullptr &&
         choice.certificate->sha256 == interest.certificate_sha256;
}

}  // namespace

std::optional<messages::Event> preflight(Workspace& work) {
  const auto& context = work.context;
  if (work.returning) {
    check_second_leg(work);
    return {};
  }
  check_own_clock(context.now());
  check_without_pin(work);
  if (needs_security_officer(work)) work.token.check_key_manager();
  const Interest interest = interest_of(context, work.token);
  work.token.log_in(pkcs11::Access::read_write, interest);
  find_lost_certificate(work);
  work.report = work.token.report();
  if (!work.report.trouble.empty()) {
    fail(parse_reason(work.report.trouble).value_or(Reason::token_error),
         "the token's certificates cannot be read");
  }
  take_over_unfinished(work, work.report);
  // A record that was not resumed after all: the certificate is chosen among all.
  const bool unnamed = work.record.number == 0 && context.job.certificate_sha256.empty();
  if (unnamed && !is_read_for_the_due_one(work, interest) && work.token.read_the_rest())
    work.report = work.token.report();
  if (auto pending = not_yet(context, work.record)) return *pending;
  if (take_over_enrolled(work)) return {};
  const bool taken_over = take_over_written(work, work.report);
  if (taken_over || (work.record.number != 0 && work.record.state >= State::issued)) {
    check_mechanisms(work);
  } else {
    work.enrolling() ? choose_name(work) : choose_old(work);
    renew_request(work);
    make_checks(work);
    settle_key(work);
    if (work.record.number == 0) begin_record(work);
    check_wrong_answers(work);
  }
  tell_of_touch(work);
  if (goes_on(work)) {
    write_lost_certificate(work);
    if (taken_over) change_state(context, work.record, State::written);
    try_writing(work);
    return {};
  }
  if (work.lost) {  // the checks have counted it; the token does not have it
    work.token.forget(not_on_token);
    work.report = work.token.report();
  }
  messages::RenewResult result;
  result.dry_run = true;
  result.token = work.report;
  result.old_certificate = work.old_report;
  return result;
}

}  // namespace koshin::renewal
