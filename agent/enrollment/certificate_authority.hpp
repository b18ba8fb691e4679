// SPDX-License-Identifier: MIT
// What koshin asks of a certificate authority, whatever protocol it speaks.
#pragma once

#include <openssl/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "enrollment/certificate.hpp"
#include "foundation/clock.hpp"
#include "foundation/failure.hpp"
#include "foundation/secure_buffer.hpp"
#include "foundation/settings.hpp"

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

/// What the authority wants in a request (RFC 7030 section 4.5.2, RFC 8951).
struct RequestAttributes {
  std::optional<pkcs11::KeyAlgorithm> key_algorithm;
  std::optional<std::string> digest;
  bool challenge_password = false;
};

struct Issued {
  Certificate certificate;
  std::vector<Certificate> others;  ///< whatever else came with it
};
struct Pending {
  std::chrono::seconds retry_after{0};  ///< floored to 1 s … capped to 7 d; 0 never
  std::string message;                  ///< the authority's text, printable and bounded; may be empty
};
using Outcome = std::variant<Issued, Pending>;

enum class Operation { enroll, reenroll };

/// A request that carries the channel binding of a connection that is gone (RFC 7030 section 4.2.3: such a
/// request is made anew for the new connection, with the same key). Thrown by submit() before the request is
/// sent, or when the connection broke while it was under way. Ask channel_binding() again, sign a new
/// request, submit that. As a Failure it is authority_unreachable.
class StaleChannelBinding : public FailureError {
 public:
  using FailureError::FailureError;
};

/// One authority for one job. All calls throw FailureError with an authority_*, proxy_* or tls_* reason.
/// Network failures are tried again inside (jittered backoff, Settings::Authority::attempts); refusals never
/// are.
class CertificateAuthority {
 public:
  virtual ~CertificateAuthority() = default;
  /// Connects and fetches the CA certificates: proves reachability, trust, proxy and that the credential is
  /// accepted by TLS, before anything irreversible. The connection is kept for the calls that follow. Cached.
  virtual const std::vector<Certificate>& ca_certificates() = 0;
  /// What the authority's clock said when it answered for its CA certificates; empty when it did not say.
  virtual std::optional<TimePoint> clock() const = 0;
  /// Of the connection that the latest answer came over.
  virtual CertificateUse certificate_use() const = 0;
  /// The certificates that the server showed for itself in the TLS handshake: helpful on the way to an
  /// anchor, and no more. Empty before it has answered.
  virtual std::vector<Certificate> shown_certificates() const = 0;
  /// Advice, so that there is always an answer: whatever the server says that cannot be read, and a
  /// connection that breaks meanwhile, means no wishes, with the notice "csrattrs_ignored". Cached after the
  /// first call. Throws tls_failed when a channel binding is wanted that this server leaves no way for.
  virtual const RequestAttributes& request_attributes() = 0;
  /// base64 of the channel binding of the connection that submit() will use; empty when settings and server
  /// ask for none. A request that carries one is valid for this connection only.
  virtual std::optional<std::string> channel_binding() = 0;
  /// Some time has passed: the connection at hand may be gone, which the next channel_binding() finds out.
  virtual void after_pause() = 0;
  /// Sends the PKCS#10. Sending the same request again is how a pending or lost answer is asked for. Throws
  /// StaleChannelBinding for a request with a challengePassword that is not the binding of the connection at
  /// hand.
  virtual Outcome submit(Operation operation, ByteView request_der) = 0;
};

struct AuthorityOptions {
  std::optional<ClientCredential> credential;   ///< none: a first enrolment, HTTP credentials only
  const SecureBuffer* http_password = nullptr;  ///< of settings.http_user, or the one-time code
  std::string http_user;                        ///< overrides the settings' (re-issue)
  const SecureBuffer* proxy_password = nullptr;
  /// Told what was unusual and did not stop anything: a stable code, and the English words for readers that
  /// know no better.
  std::function<void(const std::string& code, const std::string& text)> notice = {};
  std::stop_token stop;          ///< abandons the exchange under way: FailureError{interrupted}
  WallClock now = current_time;  ///< the job's
};
/// By settings.authority.protocol. Throws FailureError{authority_not_configured}.
std::unique_ptr<CertificateAuthority> make_authority(const Settings& settings,
                                                     const AuthorityOptions& options);

/// Logs in with a certificate: a TLS connection to prove_url (or the authority) with this credential and one
/// GET whose answer, redirects within the server followed, is 2xx. Throws FailureError{proof_failed} or an
/// authority_* reason when the network is to blame.
void prove_login(const Settings& settings, const AuthorityOptions& options);
/// That the server of prove_url answers, has the right name and is trusted; asked without a certificate, so
/// that it may well refuse. Throws FailureError with an authority_*, proxy_* or tls_* reason.
void reach_proof(const Settings& settings, const AuthorityOptions& options);

}  // namespace koshin::enrollment
