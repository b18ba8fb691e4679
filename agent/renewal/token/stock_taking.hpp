// SPDX-License-Identifier: MIT
// The inventory of one token, completed with the journal's renewals and with the issuers that the settings'
// anchors and the authority's own certificates join.
#pragma once

#include <vector>

#include "pkcs11/types.hpp"
#include "renewal/token/job_context.hpp"

namespace koshin::renewal {

/// Fills the lineages of a report that already lists the objects. Journal and anchors are read only where
/// they could change the result; where they cannot be read, the token's own data is used.
void complete_report(const JobContext& context, const std::vector<pkcs11::TokenObject>& objects,
                     messages::TokenReport& report);

/// Whether issuers decide about two certificates of the token, so that the certificates of all authorities on
/// it count: whether one replaces the other, or which belongs to the configured authority.
bool issuers_have_to_be_joined(const messages::TokenReport& report);

}  // namespace koshin::renewal
