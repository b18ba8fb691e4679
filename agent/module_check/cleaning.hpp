// SPDX-License-Identifier: MIT
// Deleting what the check has made, and nothing else.
#pragma once

#include "module_check/checks.hpp"

namespace koshin::module_check {

/// Whether the journal of this check or the token shows something of an earlier run, or of this one.
bool anything_of_ours(CheckContext& context);

/// Gives up what is unfinished in this check's own journal, with its key pair, and deletes every certificate
/// on the token that this check's authority has issued, with its keys. Keys that the module keeps all the
/// same are added to `kept_keys`. Throws FailureError.
void clean_up(CheckContext& context);

}  // namespace koshin::module_check
