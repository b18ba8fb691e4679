// SPDX-License-Identifier: MIT
// Public keys as tokens store them, made into SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
#pragma once

#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// From CKA_MODULUS and CKA_PUBLIC_EXPONENT; empty when either is.
Bytes rsa_public_key(ByteView modulus, ByteView exponent);

/// From CKA_EC_PARAMS and CKA_EC_POINT. The result always names its curve, also when the token gave explicit
/// parameters of a curve that has a name; it is empty for other curves and for points that are not on the
/// curve. The point may be wrapped in an OCTET STRING, as PKCS#11 wants it, or bare, as some tokens give it.
Bytes ec_public_key(ByteView parameters, ByteView point);

/// The key of a certificate, its curve named; empty when the certificate cannot be parsed.
Bytes public_key_of_certificate(ByteView der);

/// CKA_EC_PARAMS for key generation: the OID of the curve.
Bytes curve_parameters(KeyAlgorithm algorithm);

}  // namespace koshin::pkcs11
