// SPDX-License-Identifier: MIT
// The steps that concern the authority: asking, checking the answer, logging in.
#include <algorithm>

#include "enrollment/issued_check.hpp"
#include "foundation/expectation.hpp"
#include "foundation/log.hpp"
#include "renewal/authorities_at_hand.hpp"
#include "renewal/state_change.hpp"
#include "renewal/steps.hpp"

namespace koshin::renewal {
namespace {

using enrollment::Certificate;

/// The new key, as soon as it can sign.
EVP_PKEY* new_key(Workspace& work) {
  if (!work.new_key) {
    const pkcs11::TokenObject* key = find_private_key(work.token, work.record.key_id);
    if (key == nullptr) fail(Reason::key_not_found, "the new private key is not on the token any more");
    work.new_key = work.token.session().evp_private_key(*key, work.record.public_key);
  }
  return work.new_key.get();
}

/// What the issued certificate's chain may end in: the administrator's choice, else what authenticated the
/// authority itself vouches for (RFC 7030 section 4.1.3).
void add_anchors(const Workspace& work, enrollment::IssuedCheck& check) {
  const auto& settings = work.context.settings.authority;
  const bool chosen = !settings.issuer_anchors.empty();
  if (chosen) {
    check.trust_anchors = work.issuer_anchors;
  } else if (!settings.trust_anchors.empty()) {
    check.trust_anchors = Certificate::from_pem_file(settings.trust_anchors.string());
  }
  for (const Certificate& certificate : work.authority->ca_certificates()) {
    auto& where = !chosen && certificate.self_issued() ? check.trust_anchors : check.intermediates;
    where.push_back(certificate);
  }
  check.intermediates.insert(check.intermediates.end(), work.issued->others.begin(),
                             work.issued->others.end());
}

/// A request that is bound to a connection is signed anew, with the same key, when that connection is gone.
enrollment::Outcome send(Workspace& work) {
  const auto operation =
      work.record.enrollment ? enrollment::Operation::enroll : enrollment::Operation::reenroll;
  for (int tries_left = std::max(work.context.settings.authority.attempts, 1);; --tries_left) {
    try {
      return work.authority->submit(operation, work.record.request);
    } catch (const enrollment::StaleChannelBinding&) {
      if (tries_left <= 1) throw;
    }
    sign_request(work);
    change_state(work.context, work.record, State::requested);
  }
}

/// An enrolment on an empty token leaves it to the authority to complete the name: it must still be this
/// user's.
void check_user(const Workspace& work, const Certificate& issued) {
  const std::string& user = work.context.job.subject_user;
  const std::string name = issued.common_name();
  if (names_user(name, user)) return;
  fail(Reason::issued_subject_changed, "the certificate is for \"" + printable(name, 200) +
                                           "\", asked for was \"" + printable(user, 200) + "\"");
}

}  // namespace

Bytes subject_of(const Workspace& work) {
  if (work.old_certificate) return work.old_certificate->subject_der();
  const auto& expect = work.context.settings.expect;
  return enrollment::make_subject(expect.organization, expect.organizational_unit,
                                  work.context.job.subject_user);
}

std::optional<messages::Event> sign_request(Workspace& work) {
  work.token.act_as(pkcs11::User::user);
  enrollment::RequestContent content;
  content.subject_der = subject_of(work);
  if (work.old_certificate) {
    content.san_der = work.old_certificate->san_der();
    content.san_critical = work.old_certificate->san_critical();
  }
  content.public_key_der = work.record.public_key;
  content.challenge_password = work.authority->channel_binding();
  content.digest = work.digest;
  work.record.request = enrollment::make_certificate_request(content, new_key(work));
  return {};
}

std::optional<messages::Event> submit(Workspace& work) {
  auto outcome = send(work);
  if (auto* issued = std::get_if<enrollment::Issued>(&outcome)) {
    work.issued = std::move(*issued);
    return {};
  }
  const auto& pending = std::get<enrollment::Pending>(outcome);
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
  check.requested_public_key = work.record.public_key;
  if (work.old_certificate) {
    check.requested_subject = work.old_certificate->subject_der();
    check.requested_san = work.old_certificate->san_der();
  }
  add_anchors(work, check);
  check.expect = work.context.settings.expect;
  check.now = work.context.now();
  enrollment::check_issued(work.issued->certificate, check);
  if (!work.old_certificate) check_user(work, work.issued->certificate);
  work.record.certificate = work.issued->certificate.der();
  work.record.new_not_after = work.issued->certificate.not_after();
  return {};
}

std::optional<messages::Event> prove(Workspace& work) {
  work.token.act_as(pkcs11::User::user);
  auto authorities = authorities_on(work.token);
  if (work.authority) {
    const auto& known = work.authority->ca_certificates();
    authorities.insert(authorities.end(), known.begin(), known.end());
  }
  if (work.issued)
    authorities.insert(authorities.end(), work.issued->others.begin(), work.issued->others.end());
  work.authority.reset();  // its connection is the old certificate's
  enrollment::AuthorityOptions options;
  options.credential = {Certificate::from_der(work.record.certificate), new_key(work), work.rsa_pss,
                        std::move(authorities)};
  options.stop = work.context.stop;
  enrollment::prove_login(work.context.settings, options);
  return {};
}

}  // namespace koshin::renewal
