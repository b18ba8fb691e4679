// SPDX-License-Identifier: MIT
// A certificate as an object on a token.
#pragma once

#include "pkcs11/function_table.hpp"

namespace koshin::pkcs11 {

/// One C_CreateObject. Throws std::invalid_argument when `der` is no X.509 certificate (nothing was called).
CK_OBJECT_HANDLE create_certificate_object(const FunctionTable& functions, CK_SESSION_HANDLE session,
                                           ByteView der, ByteView id, const std::string& label);

}  // namespace koshin::pkcs11
