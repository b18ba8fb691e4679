// SPDX-License-Identifier: MIT
#include "renewal/token/certificate_purpose.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <string_view>

#include "enrollment/x509/openssl_handles.hpp"

namespace koshin::renewal {
namespace {

using messages::Purpose;

constexpr std::string_view client_auth = "1.3.6.1.5.5.7.3.2", email_protection = "1.3.6.1.5.5.7.3.4",
                           smart_card_logon = "1.3.6.1.4.1.311.20.2.2", any_usage = "2.5.29.37.0";

/// Without a KeyUsage extension all usages are allowed (RFC 5280 section 4.2.1.3).
bool allows(const enrollment::Certificate& certificate, unsigned bits) {
  return (certificate.key_usage().value_or(~0U) & bits) != 0;
}

bool names_usage(const enrollment::Certificate& certificate, std::string_view oid) {
  const auto usages = certificate.extended_key_usages();
  return std::ranges::find(usages, oid) != usages.end();
}

/// No ExtendedKeyUsage, or anyExtendedKeyUsage (RFC 5280 section 4.2.1.12).
bool allows_every_usage(const enrollment::Certificate& certificate) {
  return certificate.extended_key_usages().empty() || names_usage(certificate, any_usage);
}

/// Whether subject or subjectAltName contains a mail address.
bool has_mail_address(const enrollment::Certificate& certificate) {
  const enrollment::OpensslHandle<STACK_OF(OPENSSL_STRING), X509_email_free> addresses(
      X509_get1_email(certificate.native()));
  return addresses && sk_OPENSSL_STRING_num(addresses.get()) > 0;
}

/// basicConstraints if present, else keyCertSign, which users' certificates do not have.
bool issues_certificates(const enrollment::Certificate& certificate) {
  const enrollment::OpensslHandle<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free> constraints(
      static_cast<BASIC_CONSTRAINTS*>(
          X509_get_ext_d2i(certificate.native(), NID_basic_constraints, nullptr, nullptr)));
  if (constraints && constraints->ca != 0) return true;
  if ((certificate.key_usage().value_or(0) & KU_KEY_CERT_SIGN) == 0) return false;
  return !constraints || !names_usage(certificate, client_auth);
}

/// Whether the certificate is for logging in to computers only (smart card logon): such a certificate must
/// not replace one for a bank log-in or for signatures.
bool is_for_computers_only(const enrollment::Certificate& certificate) {
  return names_usage(certificate, smart_card_logon) && !names_usage(certificate, email_protection);
}

bool has_no_extensions(const enrollment::Certificate& certificate) {
  return X509_get_ext_count(certificate.native()) <= 0;
}

}  // namespace

bool allows_enciphering(const enrollment::Certificate& certificate) {
  return allows(certificate, KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT);
}

Purpose purpose_of(const enrollment::Certificate& certificate, bool beside_key) {
  if (issues_certificates(certificate)) return Purpose::authority;
  if (certificate.self_issued())
    return has_no_extensions(certificate) && !beside_key ? Purpose::authority : Purpose::placeholder;
  if (certificate.for_client_authentication()) return Purpose::log_in;
  if (is_for_computers_only(certificate)) return Purpose::unknown;
  if (allows(certificate, KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) return Purpose::signature;
  const bool contradicts_itself = names_usage(certificate, client_auth);
  return allows_enciphering(certificate) && !contradicts_itself ? Purpose::encryption : Purpose::unknown;
}

bool decrypts(const enrollment::Certificate& certificate) {
  if (!allows_enciphering(certificate)) return false;
  const bool for_mail = names_usage(certificate, email_protection) ||
                        (allows_every_usage(certificate) && has_mail_address(certificate));
  return for_mail || !allows(certificate, KU_DIGITAL_SIGNATURE);
}

bool commits_content(const enrollment::Certificate& certificate) {
  return (certificate.key_usage().value_or(0) & KU_NON_REPUDIATION) != 0 &&
         certificate.extended_key_usages().empty();
}

}  // namespace koshin::renewal
