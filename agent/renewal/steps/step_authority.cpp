// SPDX-License-Identifier: MIT
// The steps that involve the authority: request, submission, check of the issued certificate, proof.
#include <algorithm>
#include <utility>

#include "enrollment/authority/issued_check.hpp"
#include "enrollment/proof.hpp"
#include "enrollment/x509/certificate_request.hpp"
#include "foundation/log/log.hpp"
#include "foundation/settings/expectation.hpp"
#include "foundation/system/waiting.hpp"
#include "renewal/steps/chain_forecast.hpp"
#include "renewal/steps/checks.hpp"
#include "renewal/steps/key_proof.hpp"
#include "renewal/steps/meeting.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/second_leg.hpp"
#include "renewal/steps/spare_slot.hpp"
#include "renewal/steps/state_change.hpp"
#include "renewal/steps/steps.hpp"
#include "renewal/token/certificate_purpose.hpp"
#include "renewal/token/exchange.hpp"
#include "renewal/token/known_authorities.hpp"
#include "renewal/token/token_objects.hpp"

namespace koshin::renewal {
namespace {

using enrollment::Certificate;

/// The new key for OpenSSL, loaded at the first use.
EVP_PKEY* new_key(Workspace& work) {
  if (!work.new_key) {
    const pkcs11::TokenObject* key = find_private_key(work.token, work.record.key_id);
    if (key == nullptr) fail(Reason::key_not_found, "the new private key is not on the token any more");
    work.new_key = work.token.session().evp_private_key(*key, work.record.public_key);
  }
  return work.new_key.get();
}

void keep(Record& record, enrollment::Exchange exchange) {
  record.request = std::move(exchange.request);
  record.exchange_state = std::move(exchange.state);
}

/// Submits the request; signs a void one again with the same key.
enrollment::Outcome send(Workspace& work) {
  for (int tries_left = std::max(work.context.settings.authority.attempts, 1);; --tries_left) {
    auto exchange = exchange_of(work.record);
    try {
      work.submitting = true;
      auto outcome = work.authority->submit(exchange);
      keep(work.record, std::move(exchange));
      return outcome;
    } catch (const enrollment::StaleExchange&) {
      if (tries_left <= 1) throw;
      work.submitting = false;
    }
    sign_request(work);
    change_state(work.context, work.record, State::requested);
  }
}

/// In an enrolment on an empty token the authority completes the name: the issued name must be this user's.
void check_user(const Workspace& work, const Certificate& issued) {
  const std::string& user = work.context.job.subject_user;
  const std::string name = issued.common_name();
  if (names_user(name, user)) return;
  fail(Reason::issued_subject_changed, "the certificate is for \"" + printable(name, 200) +
                                           "\", asked for was \"" + printable(user, 200) + "\"");
}

/// What is for something else than the old certificate would never take its place on the token.
void check_purpose(const Workspace& work, const Certificate& issued) {
  const auto before = work.old_report.purpose;
  const auto now = purpose_of(issued, true);
  if (!is_proved_by_key(before) || now == before) return;
  fail(Reason::issued_usage_changed, "the certificate is for " + std::string(to_string(now)) +
                                         ", the one that is renewed for " + std::string(to_string(before)));
}

/// Records that the request may reach the authority from here on.
void note_sending(Workspace& work) {
  if (!work.sent_before) work.sent_before = work.record.pair_sent;
  work.record.pair_sent = true;
}

/// Whether the answer to an earlier request for this pair was lost.
bool is_without_answer(const Workspace& work) {
  if (!work.sent_before.value_or(false)) return false;
  const auto& last = work.record.last_failure;
  return !last || last->reason != Reason::reissue_code_invalid;
}

/// The failure for a refused key that was certified before this renewal (renewal.key = "renew"): a retry
/// cannot succeed, since this policy generates no other key.
Failure refused_same_key(Failure failure) {
  failure.reason = Reason::authority_refused;
  failure.detail = printable(failure.detail +
                             "; renewal.key is \"renew\", which has the key of the present certificate "
                             "certified again, and this authority certifies a key only once: \"same\" makes "
                             "a new key of the same type");
  return failure;
}

/// The failure, adjusted by what was sent before: a pair that the authority cannot know is no duplicate,
/// whatever its message; a code that was sent before may have been used up by that request.
Failure explained(const Workspace& work, Failure failure) {
  const bool certified = failure.reason == Reason::authority_key_already_certified;
  if (certified && work.record.same_key) return refused_same_key(std::move(failure));
  if (certified && !may_have_certified(work)) failure.reason = Reason::authority_refused;
  if (failure.reason == Reason::reissue_code_invalid && is_without_answer(work)) {
    failure.detail = printable(failure.detail +
                               "; an earlier request may have arrived without its answer coming back: if it "
                               "had this code, it may be used up by that, and a new one is needed");
  }
  return failure;
}

/// Submits; a retry within this run counts as sent before.
enrollment::Outcome send_with_past(Workspace& work) {
  try {
    return send(work);
  } catch (const FailureError& error) {
    if (work.authority->answer_was_lost()) work.sent_before = true;
    throw FailureError(with_others_named(work, explained(work, error.failure())));
  }
}

/// Waits for the next second: certificate dates count seconds, and a certificate requested in the second in
/// which its predecessor was issued would have the same validity. Happens only with --force, and in the
/// second leg of a renewal.
void wait_for_next_second(const Workspace& work) {
  const bool at_once = work.context.job.force || work.returning;
  if (!at_once || !work.old_certificate) return;
  constexpr std::size_t the_last_two = 2;
  const auto records = work.context.journal.history_of(work.token.key(), the_last_two);
  constexpr std::chrono::seconds tick{1};  // two clocks that agree may show different seconds for a moment
  const bool just_now = std::any_of(records.begin(), records.end(), [&](const Record& record) {
    return record.state == State::completed && record.certificate == work.old_certificate->der() &&
           record.changed + tick >= work.context.now();
  });
  if (just_now) wait_until(std::chrono::steady_clock::now() + std::chrono::seconds{1}, work.context.stop);
}

/// The new certificate with its chain. Where its issuer is not known here, a run that has not contacted the
/// authority fetches the CA certificates first.
enrollment::ClientCredential new_credential(Workspace& work) {
  const auto certificate = Certificate::from_der(work.record.certificate);
  auto credential = log_in_credential(work, certificate, new_key(work));
  if (work.issued) {
    const auto& others = work.issued->others;
    credential.authorities.insert(credential.authorities.end(), others.begin(), others.end());
  }
  const bool issuer_known = enrollment::find_issuer(certificate, {{}, credential.authorities}) != nullptr;
  if (issuer_known || work.authority || !fetch_authorities(work)) return credential;
  return log_in_credential(work, certificate, new_key(work));
}

void log_in_with_new(Workspace& work) {
  enrollment::AuthorityOptions options = connection_options(work.context);
  options.credential = new_credential(work);
  const auto other = other_server(work);
  // Its connection uses the old certificate. Before the writing it is still to hear what becomes of the new.
  if (!work.proving) work.authority.reset();
  enrollment::prove_login(work.context.settings, options, other);
}

/// The new certificate, on the token or in memory, with its key on the token.
void prove_certificate(Workspace& work) {
  work.token.switch_user(pkcs11::User::user);
  const auto certificate = Certificate::from_der(work.record.certificate);
  if (!is_proved_by_key(purpose_of(certificate, true))) return log_in_with_new(work);
  if (!work.proving) work.authority.reset();
  prove_key(work, certificate, new_key(work));
}

}  // namespace

Bytes subject_of(const Workspace& work) {
  if (work.old_certificate) return work.old_certificate->subject_der();
  const auto& expect = work.context.settings.expect;
  return enrollment::make_subject(expect.organization, expect.organizational_unit,
                                  work.context.job.subject_user);
}

std::optional<messages::Event> sign_request(Workspace& work) {
  work.token.switch_user(pkcs11::User::user);
  enrollment::Enrollment wanted;
  wanted.renewal = !work.record.enrollment;
  wanted.subject_der = subject_of(work);
  if (work.old_certificate) {
    wanted.san_der = work.old_certificate->san_der();
    wanted.san_critical = work.old_certificate->san_critical();
  }
  wanted.public_key_der = work.record.public_key;
  wanted.digest = work.digest;
  keep(work.record, work.authority->prepare(wanted, new_key(work)));
  note_sending(work);
  return {};
}

std::optional<messages::Event> submit(Workspace& work) {
  if (const bool known = work.record.pair_sent; note_sending(work), !known)
    work.context.journal.save(work.record);
  wait_for_next_second(work);
  auto outcome = send_with_past(work);
  if (auto* issued = std::get_if<enrollment::Issued>(&outcome)) {
    work.issued = std::move(*issued);
    return {};
  }
  const auto& pending = std::get<enrollment::Pending>(outcome);
  work.record.pair_sent = false;  // pending: the authority has not certified this pair yet
  if (work.record.wrong_answer == lost_answer) {
    work.record.wrong_answer.reset();
    work.record.wrong_answers = 0;
  }
  work.record.ask_again = work.context.now() + std::max(pending.retry_after, std::chrono::seconds{1});
  change_state(work.context, work.record, State::pending);
  log::info(log::Event::renewal_pending,
            "the authority decides later; asked again from " + to_rfc3339(*work.record.ask_again));
  return messages::PendingResult{*work.record.ask_again, pending.message};
}

std::optional<messages::Event> check_issued(Workspace& work) {
  enrollment::IssuedCheck check;
  const bool renewal = !work.record.enrollment;
  if (renewal) check.old_certificate = work.old_certificate;
  check.may_end_with_old = is_second_leg(work);
  check.requested_public_key = work.record.public_key;
  if (work.old_certificate) {
    check.requested_subject = work.old_certificate->subject_der();
    check.requested_san = work.old_certificate->san_der();
  }
  check.chain = chain_parts(work, work.issued->others);
  check.expect = work.context.settings.expect;
  check.now = work.context.now();
  try {
    work.issued = enrollment::choose_issued(*work.issued, check);
    if (renewal) check_purpose(work, work.issued->certificate);
    if (!work.old_certificate) check_user(work, work.issued->certificate);
  } catch (const FailureError&) {
    if (work.authority) work.authority->confirm(exchange_of(work.record), enrollment::Verdict::refused);
    throw;
  }
  remember_issuers(work.context.settings, work.issued->others);
  work.record.certificate = work.issued->certificate.der();
  work.record.new_not_after = work.issued->certificate.not_after();
  return {};
}

void prove_before_writing(Workspace& work) {
  work.proving = true;
  prove_certificate(work);
  work.proving = false;
  work.proved = true;
}

std::optional<messages::Event> prove(Workspace& work) {
  if (!std::exchange(work.proved, false)) prove_certificate(work);
  switch (work.token.profile().after_proof(work.record)) {
    case AfterProof::remove_left_pairs:
      remove_left_pairs(work);
      break;
    case AfterProof::clear_spare:
      clear_spare(work);
      break;
    case AfterProof::nothing:
      break;
  }
  return {};
}

}  // namespace koshin::renewal
