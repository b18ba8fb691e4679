// SPDX-License-Identifier: MIT
// The check of what was issued: one small function for each thing that must hold, called in order.
#include "enrollment/issued_check.hpp"

#include <openssl/err.h>

#include <algorithm>

#include "enrollment/openssl_handles.hpp"
#include "foundation/expectation.hpp"
#include "foundation/failure.hpp"

namespace koshin::enrollment {

namespace {

void check_key(const Certificate& issued, const IssuedCheck& check) {
  if (issued.public_key_der() == check.requested_public_key) return;
  fail(Reason::issued_key_mismatch,
       "certificate " + issued.serial() + " was issued for another public key than requested");
}

void check_names(const Certificate& issued, const IssuedCheck& check) {
  // A first enrolment may leave the subject, or the alternative names, to the authority.
  const bool renewal = check.old_certificate.has_value();
  if ((renewal || !check.requested_subject.empty()) && issued.subject_der() != check.requested_subject) {
    fail(Reason::issued_subject_changed,
         "the issued certificate's subject is \"" + printable(issued.subject()) +
             "\" or encoded differently from the requested one" +
             (renewal ? " \"" + printable(check.old_certificate->subject()) + "\"" : ""));
  }
  if ((renewal || check.requested_san) && issued.san_der() != check.requested_san) {
    fail(Reason::issued_san_changed,
         !issued.san_der()     ? "the issued certificate has lost its subjectAltName"
         : check.requested_san ? "the issued certificate's subjectAltName differs from the requested one"
                               : "the issued certificate has a subjectAltName, the old one has none");
  }
}

void check_policy(const Certificate& issued, const Settings::Expect& expect) {
  const std::string organization = issued.organization(), unit = issued.organizational_unit(),
                    name = issued.common_name();
  if (const auto why = why_unexpected({organization, unit, name}, expect))
    fail(Reason::issued_policy_mismatch, "the issued certificate's " + *why);
}

void check_validity(const Certificate& issued, const IssuedCheck& check) {
  const std::string range = to_rfc3339(issued.not_before()) + " to " + to_rfc3339(issued.not_after());
  const auto refuse = [&](const std::string& why) {
    fail(Reason::issued_validity_invalid, "the issued certificate is valid from " + range + "; " + why);
  };
  if (issued.not_after() <= check.now) refuse("it has already expired at " + to_rfc3339(check.now));
  if (issued.not_before() > check.now + clock_skew) refuse("it is not valid yet at " + to_rfc3339(check.now));
  if (check.old_certificate && issued.not_after() <= check.old_certificate->not_after()) {
    refuse("that is no later than the old one, valid to " + to_rfc3339(check.old_certificate->not_after()));
  }
}

bool has_extended_usages(const Certificate& certificate) {
  return X509_get_ext_by_NID(certificate.native(), NID_ext_key_usage, -1) >= 0;
}

void check_usages(const Certificate& issued, const IssuedCheck& check) {
  const auto refuse = [](const std::string& why) {
    fail(Reason::issued_usage_changed, "the issued certificate " + why);
  };
  if ((X509_get_extension_flags(issued.native()) & EXFLAG_CA) != 0)
    refuse("is one of an authority (basicConstraints CA:TRUE), not of a user");
  if (!check.old_certificate) {
    if (!issued.for_client_authentication())
      refuse("is not for client authentication, so nobody could log in with it");
    return;
  }
  const Certificate& old = *check.old_certificate;
  if (old.for_client_authentication() && !issued.for_client_authentication())
    refuse("is no longer for client authentication");
  const unsigned lost = old.key_usage().value_or(0) & ~issued.key_usage().value_or(~0U);
  if (lost != 0)
    refuse("lacks key usages that the old one has (bits " + std::to_string(lost) +
           " of OpenSSL's KU_ flags)");
  if (!has_extended_usages(issued)) return;
  const auto now = issued.extended_key_usages();
  for (const auto& usage : old.extended_key_usages()) {
    if (std::ranges::find(now, usage) == now.end())
      refuse("lacks the extended key usage " + usage + " of the old one");
  }
}

void free_borrowed_stack(STACK_OF(X509) * stack) {
  sk_X509_free(stack);
}

void check_chain(const Certificate& issued, const IssuedCheck& check) {
  ERR_clear_error();
  const X509Store store(X509_STORE_new());
  const X509StoreContext context(X509_STORE_CTX_new());
  const OpensslHandle<STACK_OF(X509), free_borrowed_stack> untrusted(sk_X509_new_null());
  if (!store || !context || !untrusted) fail(Reason::internal_error, "chain building: " + openssl_errors());
  for (const auto& anchor : check.trust_anchors) X509_STORE_add_cert(store.get(), anchor.native());
  for (const auto& intermediate : check.intermediates) sk_X509_push(untrusted.get(), intermediate.native());
  if (X509_STORE_CTX_init(context.get(), store.get(), issued.native(), untrusted.get()) != 1) {
    fail(Reason::internal_error, "chain building: " + openssl_errors());
  }
  // check_validity has let a start within the clock's skew pass: the chain is judged from that start on.
  X509_STORE_CTX_set_time(context.get(), 0,
                          std::chrono::system_clock::to_time_t(std::max(check.now, issued.not_before())));
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_ANY);
  if (X509_verify_cert(context.get()) == 1) return;
  const int error = X509_STORE_CTX_get_error(context.get());
  const X509* culprit = X509_STORE_CTX_get_current_cert(context.get());
  std::string detail =
      "the issued certificate (issuer \"" + printable(issued.issuer(), 300) +
      "\") does not chain to the configured trust anchors: " + X509_verify_cert_error_string(error);
  if (culprit != nullptr && culprit != issued.native()) {
    detail += " at " + printable(Certificate::from_der(to_der(culprit, i2d_X509)).subject(), 300);
  }
  ERR_clear_error();
  fail(Reason::issued_chain_untrusted, detail);
}

}  // namespace

std::vector<Certificate> read_issuer_anchors(const Settings& settings) {
  const auto& file = settings.authority.issuer_anchors;
  return file.empty() ? std::vector<Certificate>{} : Certificate::from_pem_file(file.string());
}

void check_issued(const Certificate& issued, const IssuedCheck& check) {
  check_key(issued, check);
  check_names(issued, check);
  check_policy(issued, check.expect);
  check_validity(issued, check);
  check_usages(issued, check);
  check_chain(issued, check);
}

}  // namespace koshin::enrollment
