// SPDX-License-Identifier: MIT
// Deleting what the check has made, and nothing else.
#pragma once

#include "module_check/checks.hpp"

namespace koshin::module_check {

/// Whether the journal of this check has something unfinished, on this token or on another that shares its
/// folder.
bool anything_unfinished();

/// Whether the check's folder knows of anything that may be on a token.
bool anything_recorded(const CheckContext& context);

/// Whether the journal of this check has something unfinished, or the token a certificate of this check.
bool anything_of_ours(const CheckContext& context, const messages::TokenReport& token);

/// Gives up what is unfinished in this check's own journal, with its key pair, and deletes every certificate
/// on the token that this check's authority has issued, with its keys. Keys that the module keeps all the
/// same are added to `kept_keys`. Throws FailureError; {token_not_found} where what is unfinished is on
/// another token with this one's serial number, which is left as it is.
void clean_up(CheckContext& context);

}  // namespace koshin::module_check
