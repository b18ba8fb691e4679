// SPDX-License-Identifier: MIT
// What a token can make, and making it.
#pragma once

#include "pkcs11/function_table.hpp"

namespace koshin::pkcs11 {

struct KeyPairHandles {
  CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_key = CK_INVALID_HANDLE;
};

/// One C_GenerateKeyPair.
KeyPairHandles generate_pair(const FunctionTable& functions, CK_SESSION_HANDLE session,
                             KeyAlgorithm algorithm, ByteView id, const std::string& label);
MechanismSupport mechanism_support(const FunctionTable& functions, CK_SLOT_ID slot);

}  // namespace koshin::pkcs11
