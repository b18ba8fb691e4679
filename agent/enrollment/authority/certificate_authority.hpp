// SPDX-License-Identifier: MIT
// What koshin asks of a certificate authority, whatever protocol it speaks.
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

/// What the authority wants of a request.
struct Wishes {
  std::vector<pkcs11::KeyAlgorithm>
      key_algorithms;  ///< any of these will do; none: whatever the client likes
  std::optional<std::string> digest;
  std::vector<std::string> others;  ///< in the protocol's words, for people
  bool told = true;  ///< false: what the authority wants could not be read this time, and may be anything
};

/// What is to be certified.
struct Enrollment {
  bool renewal = false;          ///< the certificate that is shown is the one to be replaced
  Bytes subject_der;             ///< Name
  std::optional<Bytes> san_der;  ///< GeneralNames
  bool san_critical = false;
  Bytes public_key_der;  ///< SubjectPublicKeyInfo
  std::string digest;    ///< "SHA256"
};

/// A request as it is kept over restarts, until its answer has come and was confirmed. What the protocol
/// needs besides to go on with it, in another process too, is in `state`, which nobody else reads.
struct Exchange {
  bool renewal = false;  ///< as in the Enrollment
  Bytes request;         ///< as it is sent, signed with the new key
  Bytes state;
};

/// What became of the certificate that was issued.
enum class Verdict {
  accepted,  ///< it is on the token
  refused    ///< it is not what was asked for, and nobody will use it
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

/// A request that is worth nothing any more, as when it is bound to a connection that is gone. Thrown by
/// submit() before the request is sent, or when the connection broke while it was under way. prepare() it
/// anew, with the same key, and submit that. As a Failure it is authority_unreachable.
class StaleExchange : public FailureError {
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
  /// What the authority's clock said when it was asked for its CA certificates, also when it refused them;
  /// empty when it did not say.
  virtual std::optional<TimePoint> clock() const = 0;
  /// Of the connection that the latest answer came over.
  virtual CertificateUse certificate_use() const = 0;
  /// The certificates that the server showed for itself in the TLS handshake: helpful on the way to an
  /// anchor, and no more. Empty before it has answered.
  virtual std::vector<Certificate> shown_certificates() const = 0;
  /// Advice, so that there is always an answer: whatever the server says that cannot be read, and a
  /// connection that breaks meanwhile, means no wishes, with a notice. Cached after the first call. Throws
  /// tls_impossible when the protocol wants something of the connection that this server leaves no way for.
  virtual const Wishes& wishes() = 0;
  /// A request for `what`, signed with its private key. It may be good for the connection at hand only.
  virtual Exchange prepare(const Enrollment& what, EVP_PKEY* key) = 0;
  /// Whether submit() would send this request; else it is to be prepared anew. May connect.
  virtual bool still_good(const Exchange& exchange) = 0;
  /// Some time has passed: the connection at hand may be gone, which the next prepare() finds out.
  virtual void after_pause() = 0;
  /// Sends the request; with a one-time code only once, when the first sending may have arrived. Submitting
  /// the same exchange again is how a pending or lost answer is asked for; what has to be remembered for that
  /// is put into its state. Throws StaleExchange.
  virtual Outcome submit(Exchange& exchange) = 0;
  /// Tells the authority what became of its certificate, where the protocol has words for that. May be called
  /// again after a restart.
  virtual void confirm(const Exchange& exchange, Verdict verdict) = 0;
  /// After a submit() that has thrown: its request may have arrived, and what the authority answered got lost
  /// on the way, so that it may have issued what nobody here has seen.
  virtual bool answer_lost() const = 0;
  /// A request for the key of the latest submit() may have reached the authority without its answer coming
  /// back here, in that call or one before it.
  virtual bool answer_was_lost() const = 0;
};

}  // namespace koshin::enrollment
