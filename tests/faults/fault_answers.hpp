// SPDX-License-Identifier: MIT
// What modules are known to answer, for the fault module.
#pragma once

#include <p11-kit/pkcs11.h>

#include <string_view>

namespace koshin::faults {

/// What a module answers when the token is not there; CKR_OK where it does not matter.
CK_RV answer_without_token(std::string_view function);

/// Whether the strictest module seen would take this attribute of a new object, or of a search.
bool is_taken(CK_ATTRIBUTE_TYPE type);

}  // namespace koshin::faults
