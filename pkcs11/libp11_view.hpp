// SPDX-License-Identifier: MIT
// The PKCS#11 module that libp11 sees: one slot, one token, one private key at a time, made of what is known
// already. Searches, attributes, sessions and logins are answered here; only a signature goes to the real
// token.
#pragma once

#include "pkcs11/guarded_signer.hpp"

namespace koshin::pkcs11 {

/// Makes a key the one and only that the next C_GetSlotList tells of, in a slot that no other key ever had.
/// The key can be used as long as somebody holds `signer`.
void show_in_view(const PublicKeyParts& parts, const SharedSigner& signer);

/// The view's functions: enough for libp11 to list, find and sign. The rest is CKR_FUNCTION_NOT_SUPPORTED.
CK_FUNCTION_LIST* view_functions();

}  // namespace koshin::pkcs11
