// SPDX-License-Identifier: MIT
// What an earlier run has left: a renewal to go on with, one to give up, a key pair to use after all.
#pragma once

#include "renewal/workspace.hpp"

namespace koshin::renewal {

/// Before the token is touched: the authority has said when to ask again, and that is not yet. Empty
/// otherwise.
std::optional<messages::PendingResult> still_pending(const JobContext& context, const TokenKey& token);

/// With the objects known: takes over the unfinished renewal of this token into `work.record`, with the state
/// corrected to what the token really holds, or gives it up when it cannot come to an end any more. Throws
/// FailureError {reissue_needed}, {clock_wrong}.
void take_over_unfinished(Workspace& work, const messages::TokenReport& report);
/// Gives up what take_over_unfinished() found to be hopeless, as soon as something may be changed.
void give_up_hopeless(Workspace& work);

/// For an enrolment that goes on with a request of an earlier run, when the name is settled: one with another
/// name (the user ID was corrected) is signed anew with the same key.
void renew_request(Workspace& work);

/// For an enrolment with nothing unfinished: the last run may have come to its end without anybody being
/// told, and whoever runs it again has a code that is used up. Takes its record over when the certificate
/// that it fetched minutes ago is on the token and still logs in; says false when there is something to do.
bool take_over_enrolled(Workspace& work);

/// CKA_ID of a pair that a given-up renewal of this token has left without certificate, so that no pair is
/// ever made in vain; empty when there is none of this algorithm.
Bytes find_unused_pair(Workspace& work, const std::string& algorithm);

}  // namespace koshin::renewal
