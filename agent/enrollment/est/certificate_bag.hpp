// SPDX-License-Identifier: MIT
// The certificates of an EST answer: the certs-only PKCS#7 in which RFC 7030 has them (sections 4.1.3 and
// 4.2.3, RFC 5272 section 4.1), and the other forms in which servers send them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

struct CertificateBag {
  std::vector<Certificate> certificates;
  std::string other_form;  ///< "PEM", "a MIME message", "a bare certificate" …; empty for PKCS#7
  std::vector<std::string> unreadable;  ///< what is wrong with each that was passed over
};

/// The certificates of an EST answer's body, at least one. Whatever its headers say, the body is taken for
/// base64, or for DER when it starts as DER does; PEM, the parts of a MIME message and a certificate without
/// PKCS#7 around it are read too. `what` names the answer in messages ("/cacerts"). One that
/// cannot be read is passed over, as long as another one can be. Throws
/// FailureError{authority_response_invalid}: none of these, trailing bytes, no certificate in it.
CertificateBag read_certificate_bag(std::string_view body, std::string_view what);

/// The same of a list that need not have any: a body without content, and PKCS#7 without certificates, are an
/// empty one, as are certificates none of which can be read.
CertificateBag read_certificates_if_any(std::string_view body, std::string_view what);

/// The DER of a body that is base64 or DER, without a look inside. A NUL after the base64, which a widely
/// used C server sends along, is no part of it. Throws FailureError{authority_response_invalid}.
Bytes read_binary_body(std::string_view body, std::string_view what);

}  // namespace koshin::enrollment
