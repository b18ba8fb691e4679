// SPDX-License-Identifier: MIT
// A key that only a token can use, as an EVP_PKEY. Two implementations of one interface: libp11 where it is
// available, and OpenSSL's own method tables where it is not. Neither knows sessions: each signature is one
// call of a function.
#pragma once

#include <functional>

#include "pkcs11/session.hpp"
#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// One signature, in the terms of PKCS#11 (sections 2.1 and 2.3 of the mechanisms specification).
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

/// Makes the signature or throws; an Error tells why. After a PIN that was not accepted, after a token that
/// is gone and after anything that is no Error at all (the person gave up, say) the key never calls the
/// function again: OpenSSL's and libp11's own second attempts must not cost a second PIN try.
using SignFunction = std::function<Bytes(const SignatureRequest&)>;

enum class BridgeKind { libp11, native };

/// The one this build uses where nobody asks for another.
BridgeKind default_bridge() noexcept;

/// Throws std::invalid_argument when `public_key` is no RSA or EC SubjectPublicKeyInfo, std::runtime_error
/// when OpenSSL or libp11 fail. RSA-PSS uses the token's own PSS and, where it has none, raw RSA with
/// OpenSSL's padding. One thread at a time may use the key.
EvpPkey make_private_key(BridgeKind kind, ByteView public_key, SignFunction sign);

}  // namespace koshin::pkcs11
