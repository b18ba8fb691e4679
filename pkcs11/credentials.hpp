// SPDX-License-Identifier: MIT
// Which certificate belongs to which key: by public key first, then by CKA_ID, never by label.
#pragma once

#include <optional>
#include <vector>

#include "pkcs11/session.hpp"
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
  /// The certificate has no private key here that could be told to be its own, but one of these may be: a
  /// private key that does not say whose it is (test_blind_keys() finds out).
  bool key_uncertain = false;
};

/// Groups the objects of one token. Each object is in exactly one group; certificates first, in the order
/// found. A private key that does not tell its public key belongs to the certificate with its CKA_ID, where
/// just one key is certified under that CKA_ID and no other such key has it. A public key object
/// belongs to a certificate only by what is in it. A certificate whose DER cannot
/// be parsed takes no key from another: it is grouped by CKA_ID last.
std::vector<Credential> match_credentials(const std::vector<TokenObject>& objects);

/// For private keys that do not tell whose they are, where match_credentials() leaves that open: one
/// signature each, of at most eight keys, tells which of the certified public keys it belongs to. Each one
/// found is written into the object's `public_key`. A key that wants the PIN for each signature, or may not
/// sign, is left alone. Says whether every such key was asked: what has no key then has none on this token.
bool test_blind_keys(Session& session, std::vector<TokenObject>& objects);

}  // namespace koshin::pkcs11
