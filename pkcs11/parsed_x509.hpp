// SPDX-License-Identifier: MIT
// Certificates and public keys as OpenSSL's objects, each parsed once. Finding a decoder for one public key
// costs OpenSSL 3.0 half a millisecond, more than anything else that is computed for a renewal, and the same
// few certificates come by again and again: from the token, from the authority, read back, for TLS, for the
// report.
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
  X509Handle x509;       ///< shared with whoever else asks for it: not to be changed
  std::size_t size = 0;  ///< how many of the bytes it took, in bytes
};

/// nullptr and 0 when `der` does not begin with an X.509 certificate; OpenSSL's error queue then says why.
/// The last few are remembered, for all threads.
ParsedCertificate parse_certificate(ByteView der);

/// Lets parse_certificate find one that OpenSSL has parsed in another way.
void remember_certificate(X509* certificate, ByteView der);

/// The key of a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), shared with whoever else asks for it;
/// nullptr when `der` is not exactly one, OpenSSL's error queue then may say why. The last few are
/// remembered, those of parsed certificates among them.
EvpPkey parse_public_key(ByteView der);

/// "ec-p256", "ec-p384", "rsa-2048": the spelling of settings, journal and messages for every key; OpenSSL's
/// name for a curve ("ec-secp521r1") or type that has none, "unknown" for null.
std::string key_type_name(const EVP_PKEY* key);

}  // namespace koshin::pkcs11
