// SPDX-License-Identifier: MIT
// What the bank says at /csrattrs (RFC 7030 section 4.5.2, RFC 8951 section 3.2).
#pragma once

#include <string>

#include "bank/openssl_handles.hpp"

namespace koshin::bank {

/// DER of CsrAttrs for a comma-separated list of "challenge", "rsa2048" … "rsa4096", "p256", "p384",
/// "sha256", "sha384", "sha512", "unknown"; "empty" is a SEQUENCE of nothing; "garbage" is no DER at all.
Bytes csr_attributes(const std::string& wanted);

}  // namespace koshin::bank
