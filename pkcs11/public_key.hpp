// SPDX-License-Identifier: MIT
// Public keys from token attributes, as DER SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
#pragma once

#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// SubjectPublicKeyInfo from CKA_MODULUS and CKA_PUBLIC_EXPONENT; empty when either is empty.
Bytes rsa_public_key(ByteView modulus, ByteView exponent);

/// SubjectPublicKeyInfo from CKA_EC_PARAMS and CKA_EC_POINT. The result always names its curve, also for
/// explicit parameters of a named curve; empty for other curves and for points that are not on the curve. The
/// point may be wrapped in an OCTET STRING, as PKCS#11 requires, or bare, as some tokens store it.
Bytes ec_public_key(ByteView parameters, ByteView point);

/// The SubjectPublicKeyInfo of a DER certificate, with a named curve; empty when the certificate cannot be
/// parsed.
Bytes public_key_of_certificate(ByteView der);

/// CKA_EC_PARAMS for key generation: the DER OID of the curve.
Bytes curve_parameters(KeyAlgorithm algorithm);

}  // namespace koshin::pkcs11
