// SPDX-License-Identifier: MIT
// Authentication at an authority's server: certificate, passwords, and whether the certificate was used.
#pragma once

#include <openssl/types.h>

#include <algorithm>
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
  /// Known CA certificates, in any order: with authority.client_chain = "auto", TLS sends those that have
  /// issued `certificate`, without the root.
  std::vector<Certificate> authorities = {};
};

/// Use of the client certificate on a connection, as known when the answer has arrived: the server may ask
/// for it in the handshake, by a renegotiation (TLS 1.2) or after the handshake (TLS 1.3).
enum class CertificateUse {
  not_asked,  ///< the server did not ask for a certificate
  not_shown,  ///< the server asked, but accepts no signature of the key, or there was no credential
  used        ///< the key has signed
};

/// HTTP credentials in addition to a certificate: a passphrase, or a one-time code.
struct Credentials {
  std::string user;                      ///< empty: authority.http_user
  const SecureBuffer* secret = nullptr;  ///< null: authority.http_password_file
};

/// Whom a person has named to the proxies that have asked who is there. A proxy script may name another one
/// tomorrow: it counts at these and at no other.
struct ProxyCredential {
  std::string user;
  const SecureBuffer* password = nullptr;
  std::vector<std::string> proxies;  ///< as Failure::proxy
  bool counts_at(const std::string& proxy) const {
    return std::find(proxies.begin(), proxies.end(), proxy) != proxies.end();
  }
};

struct AuthorityOptions {
  std::optional<ClientCredential> credential;  ///< empty: a first enrolment, HTTP credentials only
  Credentials credentials;
  const ProxyCredential* proxy_credential = nullptr;  ///< null: nobody was asked
  /// Receives notices about unusual but harmless answers: a stable code, and an English text for readers that
  /// do not know the code.
  std::function<void(const std::string& code, const std::string& text)> notice = {};
  std::stop_token stop;          ///< abandons the exchange under way: FailureError{interrupted}
  WallClock now = current_time;  ///< the job's
};

}  // namespace koshin::enrollment
