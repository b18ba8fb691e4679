// SPDX-License-Identifier: MIT
// PKCS#10 (RFC 2986) with the subject and subjectAltName of the certificate being renewed, copied as encoded.
#pragma once

#include <optional>
#include <string>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

struct RequestContent {
  Bytes subject_der;             ///< Name
  std::optional<Bytes> san_der;  ///< subjectAltName extension value
  Bytes public_key_der;          ///< SubjectPublicKeyInfo of the new key; refused with explicit EC parameters
  std::optional<std::string> challenge_password;  ///< base64 channel binding (RFC 7030 section 3.5)
  std::string digest = "SHA256";                  ///< "SHA256" | "SHA384" | "SHA512"
  bool san_critical = false;                      ///< as in the certificate being renewed
};

/// Signs with `key` (on the token: one C_Sign) and verifies the signature with public_key_der before
/// returning the DER. Throws FailureError{key_pair_mismatch} when the token signed with another key.
Bytes make_certificate_request(const RequestContent& content, EVP_PKEY* key);
/// A Name from O, OU, CN in that order as UTF8String; for a first enrolment.
Bytes make_subject(const std::string& organization, const std::string& organizational_unit,
                   const std::string& common_name);
/// The subject (DER Name) of a PKCS#10 DER.
Bytes subject_of_request(ByteView request_der);
/// The SubjectPublicKeyInfo of a PKCS#10 DER, for checks of the journal.
Bytes public_key_of_request(ByteView request_der);

}  // namespace koshin::enrollment
