// SPDX-License-Identifier: MIT
// Signatures with a private key of a session.
#pragma once

#include "pkcs11/function_table.hpp"
#include "pkcs11/private_key_bridge.hpp"
#include "pkcs11/signature_wait.hpp"

namespace koshin::pkcs11 {

/// A private key and its login requirement.
struct SigningKey {
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  bool always_authenticate = false;
  Bytes id = {};  ///< CKA_ID, for the observer
};

/// C_SignInit and C_Sign; with CKA_ALWAYS_AUTHENTICATE a context-specific C_Login between them (section 5.6,
/// C_Login), with the PIN from `pin` or, without a source, typed on the reader. `observer` is told of a
/// C_Sign that takes long. Throws Error, TouchMissed. A failure leaves no operation open: the next signature
/// begins with C_SignInit again.
Bytes sign(const FunctionTable& functions, const SigningKey& key, const SignatureRequest& request,
           const PinSource& pin, const SignatureObserver& observer = {});

}  // namespace koshin::pkcs11
