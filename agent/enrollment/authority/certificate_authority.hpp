// SPDX-License-Identifier: MIT
// The interface to a certificate authority, independent of its protocol.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "enrollment/http/credential.hpp"
#include "enrollment/x509/certificate.hpp"
#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

/// The authority's requirements for a request.
struct Wishes {
  std::vector<pkcs11::KeyAlgorithm> key_algorithms;  ///< any of these is accepted; empty: no requirement
  std::optional<std::string> digest;
  std::vector<std::string> others;  ///< further requirements in the protocol's terms, for display
  bool told = true;                 ///< false: the requirements could not be read this time
};

/// The contents of a certificate to be requested.
struct Enrollment {
  bool renewal = false;          ///< the TLS client certificate is the one to be replaced
  Bytes subject_der;             ///< Name
  std::optional<Bytes> san_der;  ///< GeneralNames
  bool san_critical = false;
  Bytes public_key_der;  ///< SubjectPublicKeyInfo
  std::string digest;    ///< "SHA256"
};

/// A request that is stored across restarts, until its answer was received and confirmed. `state` holds
/// whatever else the protocol needs to resume the request, in another process too; only the protocol reads
/// it.
struct Exchange {
  bool renewal = false;  ///< as in the Enrollment
  Bytes request;         ///< the encoded request, signed with the new key
  Bytes state;
};

/// The fate of an issued certificate.
enum class Verdict {
  accepted,  ///< the certificate was read back from the token
  refused    ///< the certificate is not what was requested and will not be used
};

struct Issued {
  Certificate certificate;
  std::vector<Certificate> others;  ///< further certificates in the answer
};
struct Pending {
  std::chrono::seconds retry_after{0};  ///< between 1 s and 7 d
  std::string message;                  ///< the authority's text, printable and bounded; may be empty
};
using Outcome = std::variant<Issued, Pending>;

/// A request that has become void, for example because it is bound to a closed connection. Thrown by submit()
/// before the request is sent, or when the connection broke while it was under way. The caller prepares a new
/// request with the same key and submits that. As a Failure: authority_unreachable.
class StaleExchange : public FailureError {
 public:
  using FailureError::FailureError;
};

/// One authority for one job. All functions throw FailureError with an authority_*, proxy_* or tls_* reason.
/// Network failures are retried inside (jittered backoff, Settings::Authority::attempts); refusals are not.
class CertificateAuthority {
 public:
  virtual ~CertificateAuthority() = default;
  /// Connects and fetches the CA certificates, which proves before anything irreversible that the authority
  /// is reachable and trusted, that the proxy works and that TLS accepts the credential. The connection is
  /// kept for later calls, the result cached.
  virtual const std::vector<Certificate>& ca_certificates() = 0;
  /// The authority's time in its answer to ca_certificates(), also in a refusal; empty when the answer had
  /// none.
  virtual std::optional<TimePoint> clock() const = 0;
  /// The use of the client certificate on the connection of the latest answer.
  virtual CertificateUse certificate_use() const = 0;
  /// The server's certificates from the TLS handshake, as candidates for intermediates. Empty before the
  /// first answer.
  virtual std::vector<Certificate> shown_certificates() const = 0;
  /// The authority's requirements. They are advice, so this always returns: an unreadable answer or a broken
  /// connection means no requirements, with a notice. Cached after the first call. Throws tls_impossible when
  /// the protocol requires a connection property that this server cannot offer.
  virtual const Wishes& wishes() = 0;
  /// Makes a request for `what`, signed with its private key. The request may be valid for the present
  /// connection only.
  virtual Exchange prepare(const Enrollment& what, EVP_PKEY* key) = 0;
  /// Whether submit() would send this request; otherwise it must be prepared again. May connect.
  virtual bool still_good(const Exchange& exchange) = 0;
  /// Tells that time has passed: the next prepare() checks whether the connection is still open.
  virtual void after_pause() = 0;
  /// Sends the request; with a one-time code at most once if the first transmission may have arrived. A
  /// pending or lost answer is fetched by submitting the same exchange again; data needed for that is stored
  /// in its state. Throws StaleExchange.
  virtual Outcome submit(Exchange& exchange) = 0;
  /// Tells the authority the fate of the certificate that it issued, where the protocol supports that (CMP:
  /// certConf, RFC 4210 section 5.3.18). May be called again after a restart.
  virtual void confirm(const Exchange& exchange, Verdict verdict) = 0;
  /// After a submit() that threw: whether the request may have arrived and its answer was lost, so that a
  /// certificate may have been issued that was never received.
  virtual bool answer_lost() const = 0;
  /// Whether a request for the key of the latest submit() may have arrived without its answer being received,
  /// in that call or an earlier one.
  virtual bool answer_was_lost() const = 0;
};

}  // namespace koshin::enrollment
