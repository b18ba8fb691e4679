// SPDX-License-Identifier: MIT
// Enrollment over Secure Transport behind the CertificateAuthority interface. PKCS#10, the channel binding in
// it and the names of EST's operations are visible only here.
#pragma once

#include <optional>
#include <vector>

#include "enrollment/authority/certificate_authority.hpp"
#include "enrollment/est/est_client.hpp"

namespace koshin::enrollment {

class EstAuthority final : public CertificateAuthority {
 public:
  EstAuthority(const Settings& settings, const AuthorityOptions& options) : client_(settings, options) {}
  const std::vector<Certificate>& ca_certificates() override { return client_.ca_certificates(); }
  std::optional<TimePoint> clock() const override { return client_.clock(); }
  CertificateUse certificate_use() const override { return client_.certificate_use(); }
  std::vector<Certificate> shown_certificates() const override { return client_.shown_certificates(); }
  const Wishes& wishes() override;
  Exchange prepare(const Enrollment& what, EVP_PKEY* key) override;
  bool still_good(const Exchange& exchange) override;
  void after_pause() override { client_.after_pause(); }
  Outcome submit(Exchange& exchange) override;
  /// RFC 7030 has no confirmation.
  void confirm(const Exchange& /*exchange*/, Verdict /*verdict*/) override {}
  bool answer_lost() const override { return client_.answer_lost(); }
  bool answer_was_lost() const override { return client_.answer_was_lost(); }

 private:
  EstClient client_;
  std::optional<Wishes> wishes_;
};

}  // namespace koshin::enrollment
