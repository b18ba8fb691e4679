// SPDX-License-Identifier: MIT
// The PKCS#11 module that libp11 sees: one slot, one token, one private key at a time, made from already
// known data. Searches, attributes, sessions and logins are answered here; only signatures reach the real
// token.
#pragma once

#include "pkcs11/guarded_signer.hpp"

namespace koshin::pkcs11 {

/// Makes a key the only key that the next C_GetSlotList shows, in a slot that no other key has had. The key
/// is usable while `signer` is referenced.
void show_in_view(const PublicKeyParts& parts, const SharedSigner& signer);

/// The view's functions: those that libp11 needs to list, find and sign. All others return
/// CKR_FUNCTION_NOT_SUPPORTED.
CK_FUNCTION_LIST* view_functions();

}  // namespace koshin::pkcs11
