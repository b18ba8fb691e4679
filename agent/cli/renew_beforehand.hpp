// SPDX-License-Identifier: MIT
// What is known of a renewal before anybody is asked for a PIN.
#pragma once

#include "cli/session.hpp"

namespace koshin::cli {

/// A renewal that cannot be is refused before a PIN is asked for, unless an unfinished one is there to go on
/// with, begun here or on another computer. Where this computer's date or a choice between issuers decides, a
/// worker asks the authority first. Throws FailureError{not_due, reissue_needed, …}.
void check_renewal_makes_sense(const Session& session, const messages::TokenReport& shown);

}  // namespace koshin::cli
