// SPDX-License-Identifier: MIT
// Which certificate belongs to which key: by public key first, then by CKA_ID, never by label.
#pragma once

#include <optional>
#include <vector>

#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// Objects that belong together. Any part may be missing: a certificate without key, a key without
/// certificate.
struct Credential {
  std::optional<TokenObject> certificate;
  std::optional<TokenObject> private_key;
  std::optional<TokenObject> public_key;
  /// Public key and CKA_ID disagree about the partner: worth a warning, the public key was believed.
  bool id_mismatch = false;
};

/// Groups the objects of one token. Each object is in exactly one group; certificates first, in the order
/// found. A certificate whose DER cannot be parsed is grouped by CKA_ID only.
std::vector<Credential> match_credentials(const std::vector<TokenObject>& objects);

}  // namespace koshin::pkcs11
