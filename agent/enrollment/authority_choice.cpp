// SPDX-License-Identifier: MIT
// The one place where the protocols are named.
#include "enrollment/authority_choice.hpp"

#include "enrollment/est/est_authority.hpp"
#include "enrollment/x509/certificate_request.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

void check_protocol(const Settings& settings) {
  if (settings.authority.protocol == "est") return;
  fail(Reason::authority_not_configured, "authority.protocol is \"" +
                                             printable(settings.authority.protocol, 100) +
                                             "\"; this version speaks \"est\"");
}

}  // namespace

std::unique_ptr<CertificateAuthority> make_authority(const Settings& settings,
                                                     const AuthorityOptions& options) {
  check_protocol(settings);
  return std::make_unique<EstAuthority>(settings, options);
}

Bytes subject_of(const Exchange& exchange) {
  return subject_of_request(exchange.request);
}

std::string default_proof_url(const Settings& settings) {
  check_protocol(settings);
  return est_url(settings, "cacerts");
}

}  // namespace koshin::enrollment
