// SPDX-License-Identifier: MIT
// Conversion of CK_TOKEN_INFO.
#pragma once

#include "pkcs11/cryptoki.hpp"

namespace koshin::pkcs11 {

TokenInfo token_info_of(std::uint64_t slot, const CK_TOKEN_INFO& info);

}  // namespace koshin::pkcs11
