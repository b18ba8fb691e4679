// SPDX-License-Identifier: MIT
// Which protocol an authority speaks.
#pragma once

#include <memory>
#include <string>

#include "enrollment/authority/certificate_authority.hpp"
#include "enrollment/http/credential.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

/// By settings.authority.protocol. Throws FailureError{authority_not_configured} for a url that is none.
std::unique_ptr<CertificateAuthority> make_authority(const Settings& settings,
                                                     const AuthorityOptions& options);

/// The Name that was asked for.
Bytes subject_of(const Exchange& exchange);

/// Where a certificate is shown to log in as long as settings.authority.prove_url names no place: something
/// of the authority's own that asks for a certificate and costs nothing. Throws as make_authority().
std::string default_proof_url(const Settings& settings);

}  // namespace koshin::enrollment
