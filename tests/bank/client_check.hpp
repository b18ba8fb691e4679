// SPDX-License-Identifier: MIT
// Whether the certificate a client presented still counts.
#pragma once

#include "bank/ca.hpp"
#include "bank/http_types.hpp"
#include "bank/ledger.hpp"
#include "bank/switches.hpp"

namespace koshin::bank {

/// Throws Refusal: 401 without a certificate, 403 with a sentence for one that is not of this bank, not yet
/// or no longer valid (the switch accept_expired_days lets the bank accept one that expired fewer days ago),
/// or revoked.
X509* require_client(const Peer& peer, const CertificateAuthority& authority, Ledger& ledger,
                     const Switches& switches);

}  // namespace koshin::bank
