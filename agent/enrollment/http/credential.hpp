// SPDX-License-Identifier: MIT
// Who asks an authority's server, and with what: certificate, passwords, and what became of the certificate.
#pragma once

#include <openssl/types.h>

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/secrets/secure_buffer.hpp"

namespace koshin::enrollment {

/// The certificate (with its key, on the token) that authenticates TLS. `key` must outlive the authority
/// object.
struct ClientCredential {
  Certificate certificate;
  EVP_PKEY* key = nullptr;
  bool rsa_pss = true;  ///< false: cap TLS at 1.2 with PKCS#1 signatures
  /// Certificates of authorities that are at hand, in any order: with authority.client_chain = "auto", TLS
  /// shows those of them that have issued `certificate`, short of the root.
  std::vector<Certificate> authorities = {};
};

/// What became of the credential on a connection, as known when the answer is there: it may be asked for in
/// the handshake, by a renegotiation (TLS 1.2) or after the handshake (TLS 1.3).
enum class CertificateUse {
  not_asked,  ///< the server did not ask for a certificate
  not_shown,  ///< it asked, but takes no signature that the key can make, or there was no credential
  used        ///< the key has signed
};

/// What a person proves to be somebody with besides a certificate: a passphrase, or a one-time code.
struct Credentials {
  std::string user;                      ///< empty: the one of the settings
  const SecureBuffer* secret = nullptr;  ///< none: the one of the settings
};

struct AuthorityOptions {
  std::optional<ClientCredential> credential;  ///< none: a first enrolment, HTTP credentials only
  Credentials credentials;
  const SecureBuffer* proxy_password = nullptr;
  /// Told what was unusual and did not stop anything: a stable code, and the English words for readers that
  /// know no better.
  std::function<void(const std::string& code, const std::string& text)> notice = {};
  std::stop_token stop;          ///< abandons the exchange under way: FailureError{interrupted}
  WallClock now = current_time;  ///< the job's
};

}  // namespace koshin::enrollment
