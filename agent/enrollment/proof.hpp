// SPDX-License-Identifier: MIT
// The proof that a certificate logs in, and a look beforehand at the place where it will be made.
#pragma once

#include "enrollment/http/credential.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

/// Whether another server has answered in the same run: where none has, a name that nobody knows may be the
/// network's trouble.
enum class OtherServer { unknown, answers };

/// What the place of the proof has shown to somebody without a certificate.
enum class ProofPlace {
  asks,      ///< it asks for a certificate
  left_open  ///< it asks for one, but what it answers without (a redirect elsewhere, no page, an error) says
             ///< no more
};

/// Logs in with a certificate: a TLS connection to prove_url (or the authority) with this credential and one
/// GET whose answer, redirects within the server followed, is 2xx. Throws FailureError{proof_failed} when the
/// certificate does not log in, {proof_impossible} when no certificate could be shown to log in there, or an
/// authority_* or proxy_* reason when the network is to blame.
void prove_login(const Settings& settings, const AuthorityOptions& options,
                 OtherServer other = OtherServer::unknown);
/// One GET of prove_url, which must be set, without a certificate, so that the key signs nothing: what would
/// make every proof impossible. Throws FailureError{proof_impossible}, or an authority_*, proxy_* or tls_*
/// reason for trouble that may pass.
ProofPlace reach_proof(const Settings& settings, const AuthorityOptions& options, OtherServer other);

}  // namespace koshin::enrollment
