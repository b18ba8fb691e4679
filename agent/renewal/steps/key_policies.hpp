// SPDX-License-Identifier: MIT
// When the new key asks for the PIN and for a touch, beside when the old one did.
#pragma once

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// The old key's policies, which the new key is to have too, where the token has signed that it has them.
pkcs11::KeyUsePolicies policies_to_keep(const Workspace& work);

/// Says in which way a key that this run has made or taken over is used otherwise than the old one, once, as
/// far as the token tells of both. To be called when the record has the key: of what goes wrong here only a
/// token that is gone ends the run (pkcs11::Error).
void tell_of_new_key(Workspace& work);

}  // namespace koshin::renewal
