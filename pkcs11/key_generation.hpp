// SPDX-License-Identifier: MIT
// What a token can make, and making it.
#pragma once

#include <functional>

#include "pkcs11/function_table.hpp"

namespace koshin::pkcs11 {

struct KeyPairHandles {
  CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_key = CK_INVALID_HANDLE;
};

/// One C_GenerateKeyPair. A module that objects to attributes of the template gets ever smaller ones, each
/// once; after each refusal `clear_remains` removes what the refused call may have left under `id`.
KeyPairHandles generate_pair(const FunctionTable& functions, CK_SESSION_HANDLE session,
                             KeyAlgorithm algorithm, ByteView id, const std::string& label,
                             const std::function<void()>& clear_remains);
MechanismSupport mechanism_support(const FunctionTable& functions, CK_SLOT_ID slot);

}  // namespace koshin::pkcs11
