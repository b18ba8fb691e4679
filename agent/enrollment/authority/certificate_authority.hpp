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

/// What the authority wants in a request (RFC 7030 section 4.5.2, RFC 8951).
struct RequestAttributes {
  std::optional<pkcs11::KeyAlgorithm> key_algorithm;
  std::optional<std::string> digest;
  bool challenge_password = false;
  bool told = true;  ///< false: what the authority wants could not be read this time, and may be anything
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
  /// What the authority's clock said when it was asked for its CA certificates, also when it refused them;
  /// empty when it did not say.
  virtual std::optional<TimePoint> clock() const = 0;
  /// Of the connection that the latest answer came over.
  virtual CertificateUse certificate_use() const = 0;
  /// The certificates that the server showed for itself in the TLS handshake: helpful on the way to an
  /// anchor, and no more. Empty before it has answered.
  virtual std::vector<Certificate> shown_certificates() const = 0;
  /// Advice, so that there is always an answer: whatever the server says that cannot be read, and a
  /// connection that breaks meanwhile, means no wishes, with the notice "csrattrs_ignored". Cached after the
  /// first call. Throws tls_impossible when a channel binding is wanted that this server leaves no way for.
  virtual const RequestAttributes& request_attributes() = 0;
  /// base64 of the channel binding of the connection that submit() will use; empty when settings and server
  /// ask for none. A request that carries one is valid for this connection only.
  virtual std::optional<std::string> channel_binding() = 0;
  /// Some time has passed: the connection at hand may be gone, which the next channel_binding() finds out.
  virtual void after_pause() = 0;
  /// Sends the PKCS#10; with a one-time code only once, when the first sending may have arrived. Sending the
  /// same request again is how a pending or lost answer is asked for. Throws StaleChannelBinding for a
  /// request with a challengePassword that is not the binding of the connection at hand.
  virtual Outcome submit(Operation operation, ByteView request_der) = 0;
  /// After a submit() that has thrown: its request may have arrived, and what the authority answered got lost
  /// on the way, so that it may have issued what nobody here has seen.
  virtual bool answer_lost() const = 0;
  /// A request for the key of the latest submit() may have reached the authority without its answer coming
  /// back here, in that call or one before it.
  virtual bool answer_was_lost() const = 0;
};

}  // namespace koshin::enrollment
