// SPDX-License-Identifier: MIT
// Creation of a certificate object on a token.
#pragma once

#include <functional>

#include "pkcs11/function_table.hpp"

namespace koshin::pkcs11 {

/// C_CreateObject. A module that rejects attributes of the template gets smaller templates, each once; after
/// each refusal `clear_remains` removes objects that the refused call may have left. Throws Error;
/// std::invalid_argument, before any call, when `der` is no X.509 certificate.
CK_OBJECT_HANDLE create_certificate_object(const FunctionTable& functions, CK_SESSION_HANDLE session,
                                           ByteView der, ByteView id, const std::string& label,
                                           const std::function<void()>& clear_remains);

}  // namespace koshin::pkcs11
