// SPDX-License-Identifier: MIT
// The check of an issued certificate: one function for each rule, called in order.
#include "enrollment/authority/issued_check.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <functional>
#include <iterator>

#include "enrollment/x509/certificate_form.hpp"
#include "enrollment/x509/name_difference.hpp"
#include "enrollment/x509/security_level.hpp"
#include "enrollment/x509/usage_check.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/settings/expectation.hpp"

namespace koshin::enrollment {

namespace {

// Earlier dates come from an unset clock, or a year with two digits, at the authority.
constexpr TimePoint earliest_begin = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

void check_key(const Certificate& issued, const IssuedCheck& check) {
  if (issued.public_key_der() == check.requested_public_key) return;
  fail(Reason::issued_key_mismatch,
       "certificate " + issued.serial() + " was issued for another public key than requested");
}

void check_names(const Certificate& issued, const IssuedCheck& check) {
  // In a first enrolment the authority may choose the subject or the alternative names.
  const bool renewal = check.old_certificate.has_value();
  if ((renewal || !check.requested_subject.empty()) && issued.subject_der() != check.requested_subject) {
    fail(Reason::issued_subject_changed,
         "the issued certificate's subject \"" + printable(issued.subject(), 300) +
             "\" is not the requested one: " +
             subject_difference(check.requested_subject, issued.subject_der()));
  }
  if ((renewal || check.requested_san) && issued.san_der() != check.requested_san) {
    fail(Reason::issued_san_changed,
         !issued.san_der()     ? "the issued certificate has lost its subjectAltName"
         : check.requested_san ? "the issued certificate's subjectAltName is not the requested one: " +
                                     alternative_name_difference(*check.requested_san, *issued.san_der())
                               : "the issued certificate has a subjectAltName, the old one has none");
  }
}

void check_policy(const Certificate& issued, const Settings::Expect& expect) {
  const std::string organization = issued.organization(), unit = issued.organizational_unit(),
                    name = issued.common_name(), issuer = issued.issuer();
  if (const auto why = why_unexpected({organization, unit, name, issuer}, expect))
    fail(Reason::issued_policy_mismatch, "the issued certificate's " + *why);
}

void check_validity(const Certificate& issued, const IssuedCheck& check) {
  const std::string range = to_rfc3339(issued.not_before()) + " to " + to_rfc3339(issued.not_after());
  const auto refuse = [&](const std::string& why) {
    fail(Reason::issued_validity_invalid, "the issued certificate is valid from " + range + "; " + why);
  };
  const auto& longest = check.expect.longest_validity;
  if (!has_dates_of_rfc5280(issued.native()))
    refuse("these dates are not written to the second and in UTC, as RFC 5280 section 4.1.2.5 has them");
  if (issued.not_after() <= check.now) refuse("it has already expired at " + to_rfc3339(check.now));
  if (issued.not_before() > check.now + clock_skew) refuse("it is not valid yet at " + to_rfc3339(check.now));
  if (issued.not_before() < earliest_begin)
    refuse("nobody issued certificates for today's users before " + to_rfc3339(earliest_begin));
  if (issued.not_after() > add(check.now, longest) + std::chrono::days{1})
    refuse("that is longer than expect.longest_validity (" + longest.to_string() + ")");
  if (!check.old_certificate) return;
  const TimePoint old_end = check.old_certificate->not_after();
  if (issued.not_after() < old_end || (issued.not_after() == old_end && !check.may_end_with_old)) {
    refuse("that is no later than the old one, valid to " + to_rfc3339(check.old_certificate->not_after()));
  }
}

/// Deviations that the old certificate has too are accepted: the user's programs have worked with them.
void check_form(const Certificate& issued, const IssuedCheck& check) {
  const auto refuse = [](const std::string& why) {
    fail(Reason::issued_usage_changed, "the issued certificate " + why);
  };
  const auto& old = check.old_certificate;
  const std::string trouble = form_trouble(issued.native());
  if (!trouble.empty() && (!old || trouble != form_trouble(old->native()))) refuse(trouble);
  if (old && X509_issuer_and_serial_cmp(old->native(), issued.native()) == 0)
    refuse("has issuer and serial number " + issued.serial() +
           " of the old one, by which programs and revocation lists tell certificates apart");
}

void check_usages(const Certificate& issued, const IssuedCheck& check) {
  const auto refuse = [](const std::string& why) {
    fail(Reason::issued_usage_changed, "the issued certificate " + why);
  };
  if ((X509_get_extension_flags(issued.native()) & EXFLAG_CA) != 0)
    refuse("is one of an authority (basicConstraints CA:TRUE), not of a user");
  if (const std::string unknown = unknown_critical_extensions(issued.native()); !unknown.empty()) {
    refuse("has a critical extension that this computer does not know, so that nobody here may rely on it: " +
           unknown);
  }
  if (check.old_certificate) {
    const auto trouble = usage_trouble(*check.old_certificate, issued, check.expect.added_extended_usages);
    if (!trouble.empty()) refuse(trouble);
    return;
  }
  if ((issued.key_usage().value_or(0) & KU_KEY_CERT_SIGN) != 0)
    refuse("has key usages of an authority: " + key_usages_in_words(KU_KEY_CERT_SIGN));
  if (!issued.for_client_authentication())
    refuse("is not for client authentication, so nobody could log in with it");
}

void check_strength(const Certificate& issued) {
  if (const std::string why = weakness_of(issued); !why.empty())
    fail(Reason::issued_too_weak, "the issued certificate cannot be used: " + why);
}

void check_chain(const Certificate& issued, const IssuedCheck& check) {
  // check_validity() accepts a notBefore within the clock skew: the chain is checked at notBefore then.
  const auto trouble = chain_trouble(issued, check.chain, std::max(check.now, issued.not_before()));
  if (!trouble) return;
  fail(trouble->too_weak ? Reason::issued_too_weak : Reason::issued_chain_untrusted,
       "the issued certificate (issuer \"" + printable(issued.issuer(), 300) +
           "\") does not chain to the trust anchors: " + trouble->why);
}

/// The certificates that may be the requested one; the authority's first certificate when there is none.
std::vector<Certificate> candidates_of(const Issued& came, const std::vector<Certificate>& all,
                                       const IssuedCheck& check) {
  std::vector<Certificate> found;
  std::ranges::copy_if(all, std::back_inserter(found), [&](const Certificate& one) {
    const bool is_old = check.old_certificate && one.der() == check.old_certificate->der();
    return one.public_key_der() == check.requested_public_key && !is_old;
  });
  if (found.empty()) found.push_back(came.certificate);
  std::ranges::stable_sort(found, std::greater{}, &Certificate::not_after);
  return found;
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
  check_form(issued, check);
  check_usages(issued, check);
  check_strength(issued);
  check_chain(issued, check);
}

Issued choose_issued(const Issued& came, const IssuedCheck& check) {
  std::vector<Certificate> all{came.certificate};
  all.insert(all.end(), came.others.begin(), came.others.end());
  std::optional<Failure> why_not;
  for (const Certificate& one : candidates_of(came, all, check)) {
    try {
      check_issued(one, check);
      std::erase_if(all, [&](const Certificate& other) { return other.der() == one.der(); });
      return {one, std::move(all)};
    } catch (const FailureError& error) {
      if (!why_not) why_not = error.failure();
    }
  }
  throw FailureError(*why_not);
}

}  // namespace koshin::enrollment
