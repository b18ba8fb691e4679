// SPDX-License-Identifier: MIT
// Objects written to a SoftHSM token as no sane program would: any bytes as a certificate, half a pair, one
// object twice, private certificates.
#pragma once

#include <string>

#include "pkcs11/session.hpp"

namespace koshin::test {

/// A token's session, logged in, past koshin's own code. One at a time; nothing else may have the module
/// loaded in this process meanwhile.
class RawObjects {
 public:
  RawObjects(const std::string& token_label, const std::string& pin);
  ~RawObjects();
  RawObjects(const RawObjects&) = delete;
  RawObjects& operator=(const RawObjects&) = delete;

  struct Options {
    pkcs11::Bytes id;
    std::string label = "certificate";
    bool is_private = false;  ///< CKA_PRIVATE: shows only with the PIN
  };
  void add_certificate(pkcs11::ByteView value, const Options& options);
  /// Halves of a software P-256 key.
  void add_private_key(const EVP_PKEY* key, const pkcs11::Bytes& id, bool may_sign = true);
  void add_public_key(const EVP_PKEY* key, const pkcs11::Bytes& id);
  /// Makes an Ed25519 pair on the token. Returns its SubjectPublicKeyInfo (RFC 8410 section 4).
  pkcs11::Bytes generate_ed25519_pair(const pkcs11::Bytes& id);
  /// A public key object whose point is on no curve.
  void add_unreadable_public_key(const pkcs11::Bytes& id);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace koshin::test
