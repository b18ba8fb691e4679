// SPDX-License-Identifier: MIT
// The proof that a certificate logs in.
#pragma once

#include "enrollment/http/credential.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

/// Logs in with a certificate: a TLS connection to prove_url (or the authority) with this credential and one
/// GET whose answer, redirects within the server followed, is 2xx. Throws FailureError{proof_failed} or an
/// authority_* reason when the network is to blame.
void prove_login(const Settings& settings, const AuthorityOptions& options);
/// That the server of prove_url answers, has the right name and is trusted; asked without a certificate, so
/// that it may well refuse. Throws FailureError with an authority_*, proxy_* or tls_* reason.
void reach_proof(const Settings& settings, const AuthorityOptions& options);

}  // namespace koshin::enrollment
