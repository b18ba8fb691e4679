// SPDX-License-Identifier: MIT
// Enrollment over Secure Transport (RFC 7030, RFC 8951). Internal to this module.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "enrollment/authority/certificate_authority.hpp"
#include "enrollment/est/certificate_bag.hpp"
#include "enrollment/est/csr_attributes.hpp"
#include "enrollment/est/est_answer.hpp"
#include "enrollment/http/http_client.hpp"
#include "enrollment/http/http_setup.hpp"

namespace koshin::enrollment {

/// "https://host/.well-known/est/label/" + operation. Throws FailureError{authority_not_configured}.
std::string est_url(const Settings& settings, const std::string& operation);

enum class Operation { enroll, reenroll };  ///< simpleenroll, simplereenroll

/// A request with the channel binding of a closed connection. The caller gets a new channel_binding() and
/// signs and submits a new request with the same key (RFC 7030 section 4.2.3).
class StaleChannelBinding : public StaleExchange {
 public:
  using StaleExchange::StaleExchange;
};

/// The EST operations of one server, over one connection while it is open. Errors are those of
/// CertificateAuthority.
class EstClient {
 public:
  EstClient(const Settings& settings, const AuthorityOptions& options);
  const std::vector<Certificate>& ca_certificates();
  std::optional<TimePoint> clock() const { return clock_; }
  CertificateUse certificate_use() const { return http_.tls().certificate_use(); }
  std::vector<Certificate> shown_certificates() const { return http_.shown_certificates(); }
  /// The authority's requirements; an unreadable answer means none, with the notice "csrattrs_ignored".
  /// Cached.
  const RequestAttributes& request_attributes();
  /// base64 of the channel binding of the connection that submit() will use; empty when settings and server
  /// require none. A request with a binding is valid for this connection only.
  std::optional<std::string> channel_binding();
  void after_pause() { connection_is_old_ = true; }
  /// Sends the DER of a PKCS#10. Throws StaleChannelBinding, before sending or when the connection broke
  /// while the request was under way, for a challengePassword other than the binding of the present
  /// connection.
  Outcome submit(Operation operation, ByteView request_der);
  bool answer_lost() const { return http_.answer_lost() || gateway_gave_up_; }
  bool answer_was_lost() const { return answer_was_lost_ || http_.answer_was_lost(); }

 private:
  HttpResponse get(const std::string& operation);
  HttpResponse get_certificates();
  RequestAttributes ask_for_attributes();
  bool wants_binding();
  void connect_for_binding();
  void note_key(const Bytes& public_key);
  void note_form(const CertificateBag& bag, const std::string& what) const;
  std::vector<Certificate> read_authorities(const HttpResponse& response) const;
  CertificateBag read_bag(const HttpResponse& response, const std::string& what) const;
  Issued read_issued(const HttpResponse& response, const std::string& what, const Bytes& public_key) const;
  Asked asked(const std::string& request) const;
  void say(const std::string& code, const std::string& text) const;

  Settings settings_;
  std::function<void(const std::string&, const std::string&)> notice_;
  WallClock now_;
  Asked asked_;  ///< the common part of all requests
  bool connection_is_old_ = false;
  bool gateway_gave_up_ = false;  ///< of the latest submit(): a gateway forwarded it and lost the answer
  HttpClient http_;
  Bytes asked_key_;               ///< of the latest submit()
  bool answer_was_lost_ = false;  ///< of an earlier submit() for the same key
  std::optional<std::vector<Certificate>> ca_certificates_;
  std::optional<TimePoint> clock_;
  std::optional<RequestAttributes> request_attributes_;
};

}  // namespace koshin::enrollment
