// SPDX-License-Identifier: MIT
// Certificates and public keys as OpenSSL objects, each parsed once. In OpenSSL 3.0 the search for a public
// key's decoder takes half a millisecond, more than any other computation of a renewal, and a renewal needs
// the same few certificates repeatedly: from the token, from the authority, read back, for TLS and for
// reports.
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <string>

#include "pkcs11/session.hpp"
#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

struct X509Deleter {
  void operator()(X509* certificate) const noexcept;
};
using X509Handle = std::unique_ptr<X509, X509Deleter>;

struct ParsedCertificate {
  X509Handle x509;       ///< shared with other callers: must not be modified
  std::size_t size = 0;  ///< encoded size in bytes
};

/// The certificate at the begin of `der`; nullptr and 0 when there is none, with the cause in OpenSSL's error
/// queue. The last few certificates are cached, for all threads.
ParsedCertificate parse_certificate(ByteView der);

/// Adds a certificate that was parsed otherwise to the cache of parse_certificate().
void remember_certificate(X509* certificate, ByteView der);

/// The key of a DER SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), shared with other callers; nullptr when
/// `der` is not exactly one, possibly with the cause in OpenSSL's error queue. The last few keys are cached,
/// those of parsed certificates among them.
EvpPkey parse_public_key(ByteView der);

/// "ec-p256", "ec-p521", "rsa-2048": the spelling in settings, journal and messages. OpenSSL's name for other
/// curves ("ec-secp521r1") and types; "unknown" for null.
std::string key_type_name(const EVP_PKEY* key);

}  // namespace koshin::pkcs11
