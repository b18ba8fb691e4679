// SPDX-License-Identifier: MIT
// A key that wants the PIN for each signature, which koshin itself never makes.
#pragma once

#include "pkcs11/module.hpp"

namespace koshin::test {

/// Makes a pair (P-256, RSA 2048) whose private half is CKA_ALWAYS_AUTHENTICATE. The user is logged in.
void make_always_authenticate_pair(pkcs11::Module& module, std::uint64_t slot, pkcs11::KeyAlgorithm algorithm,
                                   const pkcs11::Bytes& id);

}  // namespace koshin::test
