// SPDX-License-Identifier: MIT
// CK_TOKEN_INFO as a TokenInfo.
#pragma once

#include "pkcs11/cryptoki.hpp"

namespace koshin::pkcs11 {

TokenInfo token_info_of(std::uint64_t slot, const CK_TOKEN_INFO& info);

}  // namespace koshin::pkcs11
