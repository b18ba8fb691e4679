// SPDX-License-Identifier: MIT
// A certificate as an object on a token.
#pragma once

#include <functional>

#include "pkcs11/function_table.hpp"

namespace koshin::pkcs11 {

/// One C_CreateObject. A module that objects to attributes of the template gets ever smaller ones, each once;
/// after each refusal `clear_remains` removes what the refused call may have left. Throws
/// std::invalid_argument when `der` is no X.509 certificate (nothing was called).
CK_OBJECT_HANDLE create_certificate_object(const FunctionTable& functions, CK_SESSION_HANDLE session,
                                           ByteView der, ByteView id, const std::string& label,
                                           const std::function<void()>& clear_remains);

}  // namespace koshin::pkcs11
