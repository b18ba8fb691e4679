// SPDX-License-Identifier: MIT
// Shared by both bridges: a SignFunction wrapped for calls from C, and the parts of a public key.
#pragma once

#include <memory>
#include <optional>

#include "pkcs11/cryptoki.hpp"
#include "pkcs11/private_key_bridge.hpp"

namespace koshin::pkcs11 {

/// Calls a SignFunction and converts its exceptions to a CK_RV. Never calls the function again after a
/// failure that a repetition could make worse.
class GuardedSigner {
 public:
  explicit GuardedSigner(SignFunction sign) : sign_(std::move(sign)) {}
  /// Returns CKR_OK and stores the signature, or returns the error.
  CK_RV sign(const SignatureRequest& request, Bytes& signature) noexcept;
  /// Ties the lifetime of `companion` to this signer, that is, to the last key that uses it.
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
/// The parts of a DER SubjectPublicKeyInfo. Throws UnsupportedKey for anything but an RSA or EC key.
PublicKeyParts public_key_parts(ByteView subject_public_key_info);

using SharedSigner = std::shared_ptr<GuardedSigner>;

EvpPkey make_libp11_private_key(const PublicKeyParts& parts, const SharedSigner& signer);
EvpPkey make_native_private_key(const PublicKeyParts& parts, const SharedSigner& signer);

/// A new ex_data index for OpenSSL objects of this class (CRYPTO_EX_INDEX_RSA, …) whose values are held
/// signers: copied with the object, released with it.
int signer_index(int object_class);
GuardedSigner* held_signer(void* held);
/// Stores a held signer with `set`, which returns 1 on success; returns the result of `set`.
template <class Set>
int hold_signer(const SharedSigner& signer, Set set) {
  auto held = std::make_unique<SharedSigner>(signer);
  const int answer = set(held.get());
  if (answer == 1) static_cast<void>(held.release());
  return answer;
}

/// Gives an EVP_PKEY its signer, which then lives as long as the key.
void attach_signer(EVP_PKEY* key, const SharedSigner& signer);
/// The signer of an EVP_PKEY; nullptr for keys without one.
GuardedSigner* attached_signer(const EVP_PKEY* key);
/// Directs PSS signatures of this RSA key to its signer as CKM_RSA_PKCS_PSS.
void use_token_pss(EVP_PKEY* key);

}  // namespace koshin::pkcs11
