// SPDX-License-Identifier: MIT
// Key types that a token can generate, and key pair generation.
#pragma once

#include <functional>

#include "pkcs11/function_table.hpp"
#include "pkcs11/session.hpp"

namespace koshin::pkcs11 {

struct KeyPairHandles {
  CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_key = CK_INVALID_HANDLE;
};

/// The requested pair; what it refers to outlives the call.
struct KeyPairRequest {
  KeyAlgorithm algorithm;
  ByteView id;
  const std::string& label;
  KeyTraits traits;
};

/// C_GenerateKeyPair. A module that rejects attributes of the template gets smaller templates, each once;
/// after each refusal `clear_remains` removes objects that the refused call may have left under `id`. Throws
/// Error.
KeyPairHandles generate_pair(const FunctionTable& functions, CK_SESSION_HANDLE session,
                             const KeyPairRequest& request, const std::function<void()>& clear_remains);
/// Reads the mechanism list of a slot: one C_GetMechanismList, one C_GetMechanismInfo for each mechanism
/// used.
MechanismSupport mechanism_support(const FunctionTable& functions, CK_SLOT_ID slot);

}  // namespace koshin::pkcs11
