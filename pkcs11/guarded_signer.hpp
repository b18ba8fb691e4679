// SPDX-License-Identifier: MIT
// What both bridges share: a SignFunction made fit to be called from C, and the parts of a public key.
#pragma once

#include <memory>
#include <optional>

#include "pkcs11/cryptoki.hpp"
#include "pkcs11/private_key_bridge.hpp"

namespace koshin::pkcs11 {

/// Calls a SignFunction, turns its exceptions into a CK_RV, and after a failure that a repetition could make
/// worse never calls it again.
class GuardedSigner {
 public:
  explicit GuardedSigner(SignFunction sign) : sign_(std::move(sign)) {}
  /// CKR_OK and the signature, or why not.
  CK_RV sign(const SignatureRequest& request, Bytes& signature) noexcept;
  /// Releases something together with this signer, that is, with the last key that uses it.
  void keep(std::shared_ptr<void> companion) { companion_ = std::move(companion); }

 private:
  SignFunction sign_;
  CK_RV final_failure_ = CKR_OK;
  std::shared_ptr<void> companion_;
};

/// The numbers of an RSA or EC public key.
struct PublicKeyParts {
  bool rsa = false;
  Bytes modulus, exponent;  ///< RSA, big-endian
  int curve = 0;            ///< EC: OpenSSL's NID
  Bytes point;              ///< EC: uncompressed
};
/// Throws std::invalid_argument.
PublicKeyParts public_key_parts(ByteView subject_public_key_info);

using SharedSigner = std::shared_ptr<GuardedSigner>;

EvpPkey make_libp11_private_key(const PublicKeyParts& parts, const SharedSigner& signer);
EvpPkey make_native_private_key(const PublicKeyParts& parts, const SharedSigner& signer);

/// A new ex_data index for OpenSSL objects of this class (CRYPTO_EX_INDEX_RSA, …) whose values are held
/// signers: copied with the object, released with it.
int signer_index(int object_class);
GuardedSigner* held_signer(void* held);
/// Stores a held signer with `set`, which answers 1 when it took it; returns what it answered.
template <class Set>
int hold_signer(const SharedSigner& signer, Set set) {
  auto held = std::make_unique<SharedSigner>(signer);
  const int answer = set(held.get());
  if (answer == 1) static_cast<void>(held.release());
  return answer;
}

/// Gives an EVP_PKEY its signer, which then lives as long as the key.
void attach_signer(EVP_PKEY* key, const SharedSigner& signer);
/// nullptr for keys without one.
GuardedSigner* attached_signer(const EVP_PKEY* key);
/// Makes PSS signatures of this RSA key go to its signer as CKM_RSA_PKCS_PSS.
void use_token_pss(EVP_PKEY* key);

}  // namespace koshin::pkcs11
