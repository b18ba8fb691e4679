// SPDX-License-Identifier: MIT
// The only source that names the protocols.
#include "enrollment/authority_choice.hpp"

#include "enrollment/est/est_authority.hpp"
#include "enrollment/x509/certificate_request.hpp"

namespace koshin::enrollment {

std::unique_ptr<CertificateAuthority> make_authority(const Settings& settings,
                                                     const AuthorityOptions& options) {
  switch (settings.authority.protocol) {
    case AuthorityProtocol::est:
      break;
  }
  return std::make_unique<EstAuthority>(settings, options);
}

Bytes subject_of(const Exchange& exchange) {
  return subject_of_request(exchange.request);
}

std::string default_proof_url(const Settings& settings) {
  switch (settings.authority.protocol) {
    case AuthorityProtocol::est:
      break;
  }
  return est_url(settings, "cacerts");
}

}  // namespace koshin::enrollment
