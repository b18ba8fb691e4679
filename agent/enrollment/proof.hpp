// SPDX-License-Identifier: MIT
// The proof that a certificate logs in, and the preliminary check of its place.
#pragma once

#include "enrollment/http/credential.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

/// Whether another server has answered in the same run: otherwise a name that cannot be resolved may be a
/// network failure.
enum class OtherServer { unknown, answers };

/// The result of a request without a certificate at the place of the proof.
enum class ProofPlace {
  asks,      ///< the server asks for a certificate
  left_open  ///< the server asks for a certificate, but its answer without one (a redirect elsewhere, no
             ///< page, an error) leaves open if a certificate would get another
};

/// Logs in with a certificate: a TLS connection to prove_url (or the authority) with this credential and one
/// GET whose answer, redirects within the server followed, is 2xx. Throws FailureError{proof_failed} when the
/// certificate does not log in, {proof_impossible} when no certificate could be shown to log in there, or an
/// authority_* or proxy_* reason when the network is to blame.
void prove_login(const Settings& settings, const AuthorityOptions& options,
                 OtherServer other = OtherServer::unknown);
/// One GET of prove_url, which must be set, without a certificate, so that the key signs nothing: finds
/// causes that make every proof impossible. Throws FailureError{proof_impossible}, or an authority_*, proxy_*
/// or tls_* reason for temporary failures.
ProofPlace reach_proof(const Settings& settings, const AuthorityOptions& options, OtherServer other);

}  // namespace koshin::enrollment
