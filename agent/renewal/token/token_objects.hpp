// SPDX-License-Identifier: MIT
// Looking things up among the objects that were found on the token.
#pragma once

#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

/// A certificate that only fills the place beside a key, by the token's profile: ykcs11 puts one beside each
/// key that it makes.
bool is_placeholder(const OpenToken& token, const pkcs11::TokenObject& certificate);
/// The private key with this CKA_ID, null when there is none. Throws FailureError{key_pair_mismatch} for two
/// of them.
const pkcs11::TokenObject* find_private_key(const OpenToken& token, pkcs11::ByteView id);
/// The SubjectPublicKeyInfo of the pair with this CKA_ID, from whichever half tells it; empty when neither
/// does.
Bytes find_public_key(const OpenToken& token, pkcs11::ByteView id);
/// The certificate object with exactly this DER and this CKA_ID: another program may have left a copy under
/// another one, where no key is.
const pkcs11::TokenObject* find_certificate(const OpenToken& token, pkcs11::ByteView der,
                                            pkcs11::ByteView id);

}  // namespace koshin::renewal
