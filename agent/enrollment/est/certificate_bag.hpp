// SPDX-License-Identifier: MIT
// The certificates of an EST answer: certs-only PKCS#7 as RFC 7030 requires (sections 4.1.3 and 4.2.3, RFC
// 5272 section 4.1), and other forms that servers send.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

struct CertificateBag {
  std::vector<Certificate> certificates;
  std::string other_form;  ///< "PEM", "a MIME message", "a bare certificate" …; empty for PKCS#7
  std::vector<std::string> unreadable;  ///< the error of each skipped certificate
};

/// The certificates in the body of an EST answer, at least one. Independent of its headers the body is
/// decoded as base64, or as DER when it starts with der_sequence; PEM, the parts of a MIME message and a
/// certificate without PKCS#7 are read too. `what` names the answer in messages ("/cacerts"). Unreadable
/// certificates are skipped if at least one is readable. Throws FailureError{authority_response_invalid}:
/// another form, trailing bytes, no certificate.
CertificateBag read_certificate_bag(std::string_view body, std::string_view what);

/// read_certificate_bag() for a list that may be empty: an empty body, PKCS#7 without certificates, and
/// certificates none of which is readable are an empty list.
CertificateBag read_certificates_if_any(std::string_view body, std::string_view what);

/// The DER of a body in base64 or DER, without parsing it. A NUL after the base64, which a widely used C
/// server appends, is ignored. Throws FailureError{authority_response_invalid}.
Bytes read_binary_body(std::string_view body, std::string_view what);

}  // namespace koshin::enrollment
