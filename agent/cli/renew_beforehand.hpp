// SPDX-License-Identifier: MIT
// Checks of a renewal before a PIN is asked for.
#pragma once

#include "cli/session.hpp"

namespace koshin::cli {

/// Throws for an impossible renewal before a PIN is asked for, unless an unfinished one can be resumed, begun
/// here or on another computer. Where this computer's date or a choice between issuers decides, a worker asks
/// the authority first. Throws FailureError{not_due, reissue_needed, …}.
void check_renewal_makes_sense(const Session& session, const messages::TokenReport& shown);

/// Whether the renewal that goes on is one whose certificate is written: the user's PIN proves it, and no key
/// is made.
bool only_proof_is_unfinished(const Session& session, const messages::TokenReport& token);

/// For `koshin renew --if-due` whose PIN is known, and which leaves all other questions to the job: throws
/// FailureError{not_due}, after a notice, where only a second leg is left that was refused before. The token
/// is inspected for it only where the journal tells of such a leg.
void check_no_refused_leg(const Session& session);

}  // namespace koshin::cli
