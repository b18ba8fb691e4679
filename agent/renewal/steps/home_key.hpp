// SPDX-License-Identifier: MIT
// Whose the key in a home slot is, where the module cannot tell: of a card that neither attests keys nor has
// GET METADATA (YubiKey firmware before 5.3), ykcs11 shows the certificate's public key as that of the slot,
// whatever key is in it (docs/decisions/0020-planned-slots.md).
#pragma once

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// Whether the slot has another key than that of the certificate in it, although the token shows it as the
/// certificate's: another program has imported one. The key is asked for a signature; not where the token
/// vouches for it, and not where it has authenticated this job's first leg or was asked before. Throws
/// pkcs11::Error where the token is gone or speaks of the PIN.
bool has_exchanged_key(Workspace& work, const Bytes& slot);

/// Emits the notice that such a slot is left alone. Throws FailureError{not_due} for a job that has nothing
/// else to do.
void leave_exchanged_key(const Workspace& work, const Bytes& slot);

}  // namespace koshin::renewal
