// SPDX-License-Identifier: MIT
// Look-up among the token's objects.
#pragma once

#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

/// Whether the certificate is a placeholder by the token's profile: ykcs11 puts one beside each key that it
/// generates.
bool is_placeholder(const OpenToken& token, const pkcs11::TokenObject& certificate);
/// The private key with this CKA_ID; null when there is none. Throws FailureError{key_pair_mismatch} when
/// there are two.
const pkcs11::TokenObject* find_private_key(const OpenToken& token, pkcs11::ByteView id);
/// The DER SubjectPublicKeyInfo of the pair with this CKA_ID, from either half; empty when neither reveals
/// it.
Bytes find_public_key(const OpenToken& token, pkcs11::ByteView id);
/// The certificate object with exactly this DER and this CKA_ID. (Another program may have stored a copy
/// under a CKA_ID without a key.)
const pkcs11::TokenObject* find_certificate(const OpenToken& token, pkcs11::ByteView der,
                                            pkcs11::ByteView id);

}  // namespace koshin::renewal
