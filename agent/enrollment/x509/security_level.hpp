// SPDX-License-Identifier: MIT
// The required strength of signatures and keys on this computer: OpenSSL's security level for TLS, from its
// configuration. A certificate that the level refuses cannot log in, so it is neither sent to a server nor
// written to a token.
#pragma once

#include <string>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// The security level, 0 (no restriction) to 5; Debian's is 2: no SHA-1, RSA from 2048 bits on.
int security_level();

/// Why this computer cannot log in with the certificate: "it is signed with ecdsa-with-SHA1; …". Empty when
/// it can. The answer is that of OpenSSL's TLS itself.
std::string weakness_of(const Certificate& certificate);

/// "this computer's OpenSSL (security level 2) does not use that"
std::string refused_by_level();

}  // namespace koshin::enrollment
