// SPDX-License-Identifier: MIT
// Use of a private key for decryption: RSA, and ECDH key agreement.
#pragma once

#include "pkcs11/function_table.hpp"
#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// The largest result: a block of RSA-4096, a coordinate of P-521.
inline constexpr std::size_t largest_decrypted = 512;

/// C_Decrypt with CKM_RSA_PKCS: the message that was encrypted with PKCS#1 v1.5 padding. Throws Error.
Bytes decrypt_rsa(const FunctionTable& functions, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key,
                  ByteView encrypted);

/// C_DeriveKey with CKM_ECDH1_DERIVE and no key derivation: the x coordinate that the key and the point of
/// another key have in common, `size` bytes. `point`: uncompressed (SEC 1 section 2.3.3). The derived key is
/// a session object, which is read and goes with the session: nothing is destroyed. Throws Error.
Bytes agree_ecdh(const FunctionTable& functions, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key,
                 ByteView point, std::size_t size);

}  // namespace koshin::pkcs11
