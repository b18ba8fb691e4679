// SPDX-License-Identifier: MIT
// How strong signatures and keys must be on this computer: OpenSSL's security level, as its configuration has
// it for TLS. What it refuses cannot be used to log in, so it is neither shown to a server nor written to a
// token.
#pragma once

#include <string>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// 0 (anything goes) to 5; Debian's is 2: no SHA-1, RSA from 2048 bits on.
int security_level();

/// Why this computer would not log in with the certificate: "it is signed with ecdsa-with-SHA1; …". Empty
/// when it would. Asks OpenSSL's TLS itself, so that there is no second opinion.
std::string weakness_of(const Certificate& certificate);

/// "this computer's OpenSSL (security level 2) does not use that"
std::string refused_by_level();

}  // namespace koshin::enrollment
