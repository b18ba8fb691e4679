// SPDX-License-Identifier: MIT
// A card's arithmetic, by OpenSSL.
#pragma once

#include "piv_state.hpp"

namespace koshin::cards {

/// A new private key as PKCS#8, DER; empty for an algorithm that makes no pairs.
Bytes generate_key(Algorithm algorithm);
/// What goes into 7F49 (SP 800-73-4 part 2, table 11): 81 and 82 of an RSA key, 86 of an EC key.
Bytes public_key_fields(ByteView private_key);
/// SubjectPublicKeyInfo, DER.
Bytes public_key_info(ByteView private_key);
/// RSA: the private operation on a whole padded block. EC: ECDSA over a digest, as DER. Empty when the data
/// has not the length for it.
Bytes sign(const KeySlot& key, ByteView data);
/// One block of the management key's cipher; empty for a block or key of the wrong length.
Bytes encrypt_block(Algorithm algorithm, ByteView key, ByteView block);
Bytes decrypt_block(Algorithm algorithm, ByteView key, ByteView block);
/// 8 for 3DES, 16 for AES.
std::size_t block_size(Algorithm algorithm);
/// 24, 16 or 32; 0 for what is no cipher.
std::size_t management_key_size(Algorithm algorithm);
Bytes random_bytes(std::size_t count);

}  // namespace koshin::cards
