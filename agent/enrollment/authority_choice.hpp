// SPDX-License-Identifier: MIT
// Which protocol an authority speaks.
#pragma once

#include <memory>

#include "enrollment/authority/certificate_authority.hpp"
#include "enrollment/http/credential.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

/// By settings.authority.protocol. Throws FailureError{authority_not_configured}.
std::unique_ptr<CertificateAuthority> make_authority(const Settings& settings,
                                                     const AuthorityOptions& options);

}  // namespace koshin::enrollment
