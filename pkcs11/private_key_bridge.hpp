// SPDX-License-Identifier: MIT
// A token's private key as an EVP_PKEY. Two implementations of one interface: libp11 where it is available,
// and OpenSSL's method tables elsewhere. Neither uses sessions: each signature is one call of a function.
#pragma once

#include <functional>

#include "pkcs11/session.hpp"
#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// The parameters of a signature, in the terms of PKCS#11 (sections 2.1 and 2.3 of the mechanisms
/// specification).
struct SignatureRequest {
  enum class Scheme {
    rsa_pkcs1,  ///< CKM_RSA_PKCS: `data` is a DigestInfo
    rsa_raw,    ///< CKM_RSA_X_509: `data` is padded to the length of the modulus
    rsa_pss,    ///< CKM_RSA_PKCS_PSS: `data` is a digest
    ecdsa,  ///< CKM_ECDSA: `data` is a digest, the signature is r and s in one string of twice the field's
            ///< length
  };
  Scheme scheme = Scheme::ecdsa;
  ByteView data;
  int digest = 0;               ///< rsa_pss: OpenSSL's NID of the hash
  int mask_digest = 0;          ///< rsa_pss: NID of the hash of MGF1
  std::size_t salt_length = 0;  ///< rsa_pss: bytes
};

/// Returns the signature or throws Error. After a PIN that was not accepted, after the removal of the token
/// and after an exception other than Error (a cancellation, for example) the key never calls the function
/// again: automatic retries of OpenSSL and libp11 must not cost a second PIN try.
using SignFunction = std::function<Bytes(const SignatureRequest&)>;

enum class BridgeKind { libp11, native };

/// The bridge that this build uses by default.
BridgeKind default_bridge() noexcept;

/// Makes an EVP_PKEY that signs by `sign`. RSA-PSS uses the token's CKM_RSA_PKCS_PSS and, where that is
/// missing, raw RSA with OpenSSL's padding. Only one thread at a time may use the key. Throws
/// UnsupportedKey when `public_key` is no RSA or EC SubjectPublicKeyInfo, std::runtime_error when OpenSSL or
/// libp11 fail.
EvpPkey make_private_key(BridgeKind kind, ByteView public_key, SignFunction sign);

}  // namespace koshin::pkcs11
