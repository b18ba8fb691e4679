// SPDX-License-Identifier: MIT
// Everything that can be found out before the first irreversible step: the token's state, which certificate,
// which key, the clock, and whether the authority can be reached with the old certificate.
#include <algorithm>

#include "enrollment/issued_check.hpp"
#include "foundation/expectation.hpp"
#include "pkcs11/credentials.hpp"
#include "renewal/authorities_at_hand.hpp"
#include "renewal/inventory.hpp"
#include "renewal/key_choice.hpp"
#include "renewal/known_authorities.hpp"
#include "renewal/past.hpp"
#include "renewal/policy.hpp"
#include "renewal/steps.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using std::chrono::year;

// No certificate of this program's users is older: a clock before this has lost its battery.
constexpr TimePoint earliest_believable = std::chrono::sys_days{year{2024} / 1 / 1};

void check_clock(TimePoint now) {
  if (now >= earliest_believable) return;
  fail(Reason::clock_wrong, "this computer's clock says " + to_rfc3339(now) + ": set it");
}

const pkcs11::TokenObject& object_of(const Workspace& work, std::string_view sha256) {
  for (const auto& object : work.token.objects()) {
    if (object.object_class != pkcs11::ObjectClass::certificate) continue;
    if (enrollment::sha256_of(pkcs11::ByteView(object.certificate)) == sha256) return object;
  }
  fail(Reason::certificate_not_found, "the certificate is not on the token any more");
}

/// The private key of a certificate; one that is certified twice belongs to both.
pkcs11::TokenObject key_of_certificate(const Workspace& work, const enrollment::Certificate& certificate) {
  for (const auto& credential : pkcs11::match_credentials(work.token.objects())) {
    if (!credential.certificate || !credential.private_key) continue;
    if (credential.certificate->public_key == certificate.public_key_der()) return *credential.private_key;
  }
  const bool untold = work.old_report.key_state == messages::KeyState::unknown;
  fail(Reason::key_not_found, untold ? "which private key on the token is the certificate's cannot be told"
                                     : "the certificate's private key is not on the token");
}

void take_old(Workspace& work, const CertificateReport& report) {
  const auto& object = object_of(work, report.sha256);
  work.old_certificate = enrollment::Certificate::from_der(object.certificate);
  work.old_report = report;
}

/// For a renewal: the certificate the record names, else the one that is due.
void choose_old(Workspace& work, const messages::TokenReport& report) {
  const auto& context = work.context;
  const bool resumed = work.record.number != 0;
  const std::string& named = resumed ? work.record.old_sha256 : context.job.certificate_sha256;
  const auto choice =
      choose_certificate(report, named, context.settings, context.now(), context.job.force || resumed);
  if (choice.failure) throw FailureError(*choice.failure);
  take_old(work, *choice.certificate);
}

/// For an enrolment: the name is taken over from the latest certificate of this user, which may have expired.
void choose_name(Workspace& work, const messages::TokenReport& report) {
  const std::string& user = work.context.job.subject_user;
  const CertificateReport* best = nullptr;
  for (const auto& certificate : report.certificates) {
    if (!is_ours(certificate, work.context.settings.expect) || !names_user(certificate.common_name, user))
      continue;
    if (best != nullptr && best->subject != certificate.subject) {
      fail(Reason::certificate_ambiguous,
           "certificates of several users are on the token: say whose is issued again");
    }
    if (best == nullptr || certificate.not_after > best->not_after) best = &certificate;
  }
  if (best != nullptr) {
    take_old(work, *best);
  } else if (user.empty()) {
    fail(Reason::certificate_not_found, "no certificate on the token tells whose it was: say the user ID");
  }
}

enrollment::AuthorityOptions authority_options(Workspace& work) {
  const auto& context = work.context;
  enrollment::AuthorityOptions options;
  options.stop = context.stop;
  options.notice = [&context](const std::string& code, const std::string& text) {
    context.emit(messages::NoticeEvent{code, text});
  };
  if (work.enrolling()) {
    if (context.reissue_code == nullptr || context.reissue_code->empty()) {
      fail(Reason::reissue_needed, "an enrolment needs the one-time code that the administrator hands out");
    }
    options.http_password = context.reissue_code;
    options.http_user =
        !context.job.subject_user.empty() ? context.job.subject_user : work.old_certificate->common_name();
    return options;
  }
  const auto key = key_of_certificate(work, *work.old_certificate);
  if (!key.can_sign)
    fail(Reason::key_not_found, "the certificate's private key may not sign (CKA_SIGN is false)");
  work.old_key = work.token.session().evp_private_key(key, work.old_certificate->public_key_der());
  options.credential = {*work.old_certificate, work.old_key.get(), work.rsa_pss, authorities_on(work.token)};
  options.http_password = context.http_password;
  return options;
}

/// The settings' key type, or the one that the person chose among those the settings offer.
const std::string& key_policy(const JobContext& context) {
  const auto& policy = context.settings.renewal;
  const std::string& wanted = context.job.key;
  if (wanted.empty()) return policy.key;
  if (std::find(policy.key_choices.begin(), policy.key_choices.end(), wanted) != policy.key_choices.end())
    return wanted;
  fail(Reason::key_algorithm_not_allowed, "renewal.key_choices does not offer " + printable(wanted, 40));
}

/// What the authority issues begins by its clock: a certificate from too far in the future would be refused,
/// with a key made for it in vain. (A clock that is ahead is noticed by the authority, which has a window.)
void compare_clocks(const Workspace& work) {
  const auto theirs = work.authority->clock();
  const TimePoint now = work.context.now();
  if (!theirs || *theirs <= now + enrollment::clock_skew) return;
  fail(Reason::clock_wrong, "this computer's clock says " + to_rfc3339(now) + ", the authority's says " +
                                to_rfc3339(*theirs) + ": set this computer's clock");
}

/// The authority has just told which of its issuers count as one: what was chosen may have been replaced by a
/// certificate that seemed to be another one's.
void check_still_due(const Workspace& work) {
  const auto& context = work.context;
  if (work.enrolling() || work.record.number != 0 || context.job.force) return;
  const auto choice =
      choose_certificate(work.token.report(), work.old_report.sha256, context.settings, context.now(), false);
  if (choice.failure) throw FailureError(*choice.failure);
}

/// Reaches the authority, and settles with it which key the request will be for.
void settle_request(Workspace& work, const pkcs11::MechanismSupport& mechanisms) {
  work.issuer_anchors = enrollment::read_issuer_anchors(work.context.settings);
  work.authority = enrollment::make_authority(work.context.settings, authority_options(work));
  if (remember_authorities(work.context.settings, work.authority->ca_certificates())) check_still_due(work);
  compare_clocks(work);
  const auto& wanted = work.authority->request_attributes();
  if (wanted.digest) work.digest = *wanted.digest;
  if (work.record.number != 0) return;

  KeyWish wish{key_policy(work.context), {}, wanted.key_algorithm, !work.enrolling()};
  if (work.old_certificate) wish.old_algorithm = work.old_certificate->key_algorithm();
  const KeyChoice choice = choose_key(wish, mechanisms);
  check_memory(work.token.info(),
               memory_need(choice, work.old_certificate ? work.old_certificate->der().size() : 0));
  work.record.same_key = choice.same_key;
  if (choice.same_key) work.record.key_id = key_of_certificate(work, *work.old_certificate).id;
  work.record.key_algorithm = choice.algorithm;
}

void begin_record(Workspace& work) {
  Record& record = work.record;
  record.token = work.token.key();
  record.token_label = work.token.info().label;
  record.enrollment = work.enrolling();
  record.old_sha256 = work.old_report.sha256;
}

void settle_tls(Workspace& work, const pkcs11::MechanismSupport& mechanisms) {
  work.rsa_pss = mechanisms.rsa_pss;
  const bool rsa = work.old_certificate && work.old_certificate->key_algorithm().starts_with("rsa");
  if (!rsa || work.rsa_pss) return;
  work.context.emit(messages::NoticeEvent{
      "tls_capped_at_1_2", "This token cannot make RSA-PSS signatures, so connections use TLS 1.2 at most."});
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

/// Whether keys are made and certificates written by an officer, and this run gets that far: all that is left
/// of an interrupted renewal may be its proof, which takes no more than the user's PIN.
bool needs_officer(const Workspace& work) {
  if (!work.context.settings.token.officer_makes_keys() || work.context.job.dry_run) return false;
  const auto unfinished = work.context.journal.unfinished(work.token.key());
  return !unfinished || unfinished->state != State::written;
}

}  // namespace

std::optional<messages::Event> preflight(Workspace& work) {
  const auto& context = work.context;
  check_clock(context.now());
  if (needs_officer(work)) work.token.check_maker();
  work.token.log_in(pkcs11::Access::read_write);
  const auto report = work.token.report();
  if (!report.trouble.empty()) {
    fail(parse_reason(report.trouble).value_or(Reason::token_error),
         "the token's certificates cannot be read");
  }
  take_over_unfinished(work, report);
  if (take_over_enrolled(work)) return {};
  const bool needs_authority = work.record.number == 0 || work.record.state < State::issued;
  if (needs_authority) work.enrolling() ? choose_name(work, report) : choose_old(work, report);
  if (needs_authority) renew_request(work);
  const auto mechanisms = work.token.session().mechanisms();
  settle_tls(work, mechanisms);
  if (needs_authority) {
    settle_request(work, mechanisms);
    if (work.record.number == 0) begin_record(work);
  }
  if (goes_on(work)) return {};
  messages::RenewResult result;
  result.dry_run = true;
  result.token = report;
  result.old_certificate = work.old_report;
  return result;
}

}  // namespace koshin::renewal
