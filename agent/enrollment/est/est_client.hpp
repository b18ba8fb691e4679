// SPDX-License-Identifier: MIT
// Enrollment over Secure Transport (RFC 7030, RFC 8951). Internal to this module.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "enrollment/authority/certificate_authority.hpp"
#include "enrollment/est/certificate_bag.hpp"
#include "enrollment/est/est_answer.hpp"
#include "enrollment/http/http_client.hpp"
#include "enrollment/http/http_setup.hpp"

namespace koshin::enrollment {

/// "https://host/.well-known/est/label/" + operation. Throws FailureError{authority_not_configured}.
std::string est_url(const Settings& settings, const std::string& operation);

class EstClient final : public CertificateAuthority {
 public:
  EstClient(const Settings& settings, const AuthorityOptions& options);
  const std::vector<Certificate>& ca_certificates() override;
  std::optional<TimePoint> clock() const override { return clock_; }
  CertificateUse certificate_use() const override { return http_.tls().certificate_use(); }
  std::vector<Certificate> shown_certificates() const override { return http_.shown_certificates(); }
  const RequestAttributes& request_attributes() override;
  std::optional<std::string> channel_binding() override;
  void after_pause() override { connection_is_old_ = true; }
  Outcome submit(Operation operation, ByteView request_der) override;
  bool answer_lost() const override { return http_.answer_lost() || gateway_gave_up_; }
  bool answer_was_lost() const override { return answer_was_lost_ || http_.answer_was_lost(); }

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
