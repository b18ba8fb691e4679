// SPDX-License-Identifier: MIT
// The one place where the protocols are named.
#include "enrollment/authority_choice.hpp"

#include "enrollment/est/est_client.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

std::unique_ptr<CertificateAuthority> make_authority(const Settings& settings,
                                                     const AuthorityOptions& options) {
  if (settings.authority.protocol == "est") return std::make_unique<EstClient>(settings, options);
  fail(Reason::authority_not_configured, "authority.protocol is \"" +
                                             printable(settings.authority.protocol, 100) +
                                             "\"; this version speaks \"est\"");
}

}  // namespace koshin::enrollment
