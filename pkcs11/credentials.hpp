// SPDX-License-Identifier: MIT
// Assignment of certificates to keys: by public key first, then by CKA_ID, never by label.
#pragma once

#include <optional>
#include <vector>

#include "pkcs11/session.hpp"
#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// Objects that belong together. Any member may be empty: a certificate without key, a key without
/// certificate.
struct Credential {
  std::optional<TokenObject> certificate;
  std::optional<TokenObject> private_key;
  std::optional<TokenObject> public_key;
  /// Public key and CKA_ID of certificate and key disagree; the public key decides.
  bool id_mismatch = false;
  /// No private key is known to be the certificate's, but there is a blind private key that may be
  /// (test_blind_keys() finds out).
  bool key_uncertain = false;
};

/// Groups the objects of one token. Each object is in exactly one group; certificates come first, in the
/// order found. A private key without a readable public key belongs to the certificate with its CKA_ID, if
/// only one key is certified under that CKA_ID and no other such key has it. A public key object belongs to a
/// certificate only by its content. A certificate whose DER cannot be parsed takes no key from another one:
/// it is assigned last, by CKA_ID.
std::vector<Credential> match_credentials(const std::vector<TokenObject>& objects);

/// Determines the public keys of blind private keys that match_credentials() leaves unassigned: one signature
/// each, of at most eight keys, is verified with the certified public keys. The result is stored in the
/// object's `public_key`. A key with CKA_ALWAYS_AUTHENTICATE or without CKA_SIGN is not tested. Returns
/// whether every such key was tested: a certificate without a key then has none on this token.
bool test_blind_keys(Session& session, std::vector<TokenObject>& objects);

}  // namespace koshin::pkcs11
