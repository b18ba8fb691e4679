// SPDX-License-Identifier: MIT
// An X.509 certificate, with the DER of the parts that must be copied and compared byte for byte.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "pkcs11/types.hpp"

namespace koshin::enrollment {

using pkcs11::Bytes;
using pkcs11::ByteView;

/// SHA-256, hexadecimal, lower case.
std::string sha256_of(ByteView bytes);
std::string sha256_of(std::string_view text);

/// A parsed certificate: immutable, cheap to copy.
class Certificate {
 public:
  /// Throws FailureError{certificate_unreadable}.
  static Certificate from_der(ByteView der);
  /// Takes ownership of a certificate parsed by OpenSSL: in OpenSSL 3.0 parsing the public key costs more
  /// than all other computations of a renewal. Throws FailureError{certificate_unreadable}.
  static Certificate adopt(X509* parsed);
  /// All certificates of a PEM file, bounded to 1 MiB. Throws FailureError{settings_invalid} naming file and
  /// cause.
  static std::vector<Certificate> from_pem_file(const std::string& path);

  const Bytes& der() const;
  const Bytes& subject_der() const;             ///< Name, as encoded in the certificate
  const std::optional<Bytes>& san_der() const;  ///< value of the subjectAltName extension, as encoded
  bool san_critical() const;                    ///< critical flag of subjectAltName; false without it
  const Bytes& public_key_der() const;          ///< SubjectPublicKeyInfo, as encoded
  std::string subject() const;                  ///< RFC 2253
  std::string issuer() const;
  bool self_issued() const;    ///< subject and issuer are the same (RFC 5280 section 6.1)
  std::string serial() const;  ///< hexadecimal, upper case
  std::string sha256() const;  ///< of the DER, hexadecimal, lower case
  std::string organization() const, organizational_unit() const,
      common_name() const;  ///< UTF-8; last one of each
  /// The first rfc822Name of the alternative names; empty where there is none, or where it is no address in
  /// ASCII.
  std::string email() const;
  TimePoint not_before() const, not_after() const;
  std::string key_algorithm() const;          ///< "ec-p256", "rsa-2048", else OpenSSL's name
  std::optional<unsigned> key_usage() const;  ///< KeyUsage bits (OpenSSL KU_*), empty without the extension
  std::vector<std::string> extended_key_usages() const;  ///< OIDs, dotted
  /// Whether this certificate's key has issued `subject`: compares name and key identifier, then verifies the
  /// signature.
  bool has_issued(const Certificate& subject) const;
  bool for_client_authentication() const;  ///< digitalSignature, and clientAuth or any
  X509* native() const;

 private:
  struct Parts;
  explicit Certificate(std::shared_ptr<const Parts> parts);
  std::shared_ptr<const Parts> parts_;
};

/// The common name in a subject (DER Name), the last one; empty where there is none. Throws
/// FailureError{certificate_unreadable}.
std::string common_name_of(ByteView subject_der);

}  // namespace koshin::enrollment
