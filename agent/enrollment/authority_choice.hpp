// SPDX-License-Identifier: MIT
// The choice of the authority's protocol.
#pragma once

#include <memory>
#include <string>

#include "enrollment/authority/certificate_authority.hpp"
#include "enrollment/http/credential.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

/// Makes the authority of settings.authority.protocol. Throws FailureError{authority_not_configured} for an
/// unusable url.
std::unique_ptr<CertificateAuthority> make_authority(const Settings& settings,
                                                     const AuthorityOptions& options);

/// The requested subject (DER Name).
Bytes subject_of(const Exchange& exchange);

/// URL of the proof when settings.authority.prove_url is empty: a resource of the authority that asks for a
/// certificate and has no side effect. Throws as make_authority().
std::string default_proof_url(const Settings& settings);

}  // namespace koshin::enrollment
