// SPDX-License-Identifier: MIT
// The inventory of one token with all that is known beside it: what the journal says was renewed, which
// issuers the settings' anchors and the authority's own certificates join.
#pragma once

#include <vector>

#include "pkcs11/types.hpp"
#include "renewal/token/job_context.hpp"

namespace koshin::renewal {

/// Fills the lineages of a report whose objects have been reported. Neither the journal nor the anchors are
/// read where they could change nothing; where they cannot be read, the token's own word stands.
void complete_report(const JobContext& context, const std::vector<pkcs11::TokenObject>& objects,
                     messages::TokenReport& report);

}  // namespace koshin::renewal
