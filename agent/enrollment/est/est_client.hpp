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

/// A request that carries the channel binding of a connection that is gone (RFC 7030 section 4.2.3: such a
/// request is made anew for the new connection, with the same key). Ask channel_binding() again, sign a new
/// request, submit that.
class StaleChannelBinding : public StaleExchange {
 public:
  using StaleExchange::StaleExchange;
};

/// The operations of one server, over one connection as long as that holds. What they throw is told with
/// CertificateAuthority, whose words for them EstAuthority has.
class EstClient {
 public:
  EstClient(const Settings& settings, const AuthorityOptions& options);
  const std::vector<Certificate>& ca_certificates();
  std::optional<TimePoint> clock() const { return clock_; }
  CertificateUse certificate_use() const { return http_.tls().certificate_use(); }
  std::vector<Certificate> shown_certificates() const { return http_.shown_certificates(); }
  /// Advice: what cannot be read means no wishes, with the notice "csrattrs_ignored". Cached.
  const RequestAttributes& request_attributes();
  /// base64 of the channel binding of the connection that submit() will use; empty when settings and server
  /// ask for none. A request that carries one is valid for this connection only.
  std::optional<std::string> channel_binding();
  void after_pause() { connection_is_old_ = true; }
  /// Sends the PKCS#10. Throws StaleChannelBinding, before the request is sent or when the connection broke
  /// while it was under way, for one with a challengePassword that is not the binding of the connection at
  /// hand.
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
  Asked asked_;  ///< what all requests have in common
  bool connection_is_old_ = false;
  bool gateway_gave_up_ = false;  ///< of the latest submit(): whoever stands in between has passed it on
  HttpClient http_;
  Bytes asked_key_;               ///< of the latest submit()
  bool answer_was_lost_ = false;  ///< of a submit() before that for the same key
  std::optional<std::vector<Certificate>> ca_certificates_;
  std::optional<TimePoint> clock_;
  std::optional<RequestAttributes> request_attributes_;
};

}  // namespace koshin::enrollment
