// SPDX-License-Identifier: MIT
// RSA-PSS on the token, for the keys of both bridges: OpenSSL by default pads by itself and requests raw RSA,
// which many tokens refuse. libp11 has an equivalent only for programs that use it as an OpenSSL engine.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <stdexcept>

#include "pkcs11/guarded_signer.hpp"

namespace koshin::pkcs11 {
namespace {

using SignOperation = int (*)(EVP_PKEY_CTX*, unsigned char*, size_t*, const unsigned char*, size_t);
SignOperation openssl_sign = nullptr;

/// The parameters of a PSS signature as CK_RSA_PKCS_PSS_PARAMS has them; false for other paddings.
bool pss_request(EVP_PKEY_CTX* context, int key_size, SignatureRequest& request) {
  int padding = 0;
  int salt = 0;
  const EVP_MD* digest = nullptr;
  const EVP_MD* mask = nullptr;
  if (EVP_PKEY_CTX_get_rsa_padding(context, &padding) != 1 || padding != RSA_PKCS1_PSS_PADDING ||
      EVP_PKEY_CTX_get_signature_md(context, &digest) != 1 || digest == nullptr ||
      EVP_PKEY_CTX_get_rsa_mgf1_md(context, &mask) != 1 ||
      EVP_PKEY_CTX_get_rsa_pss_saltlen(context, &salt) != 1) {
    return false;
  }
  const int hash = EVP_MD_get_size(digest);
  if (salt == RSA_PSS_SALTLEN_DIGEST) salt = hash;
  if (salt < 0) salt = key_size - hash - 2;  // the maximum, as RSA_PSS_SALTLEN_MAX requires
  if (salt < 0) return false;
  request.scheme = SignatureRequest::Scheme::rsa_pss;
  request.digest = EVP_MD_get_type(digest);
  request.mask_digest = mask == nullptr ? request.digest : EVP_MD_get_type(mask);
  request.salt_length = static_cast<std::size_t>(salt);
  return true;
}

int rsa_sign(EVP_PKEY_CTX* context, unsigned char* out, size_t* out_length, const unsigned char* digest,
             size_t digest_length) {
  const EVP_PKEY* key = EVP_PKEY_CTX_get0_pkey(context);
  GuardedSigner* signer = attached_signer(key);
  SignatureRequest request;
  if (signer != nullptr && out != nullptr && pss_request(context, EVP_PKEY_get_size(key), request)) {
    request.data = {digest, digest_length};
    Bytes signature;
    const CK_RV rv = signer->sign(request, signature);
    if (rv == CKR_OK && signature.size() <= *out_length) {
      std::copy(signature.begin(), signature.end(), out);
      *out_length = signature.size();
      return 1;
    }
    if (rv != CKR_MECHANISM_INVALID && rv != CKR_MECHANISM_PARAM_INVALID && rv != CKR_FUNCTION_NOT_SUPPORTED)
      return 0;
  }
  return openssl_sign(context, out, out_length, digest, digest_length);  // PKCS#1, or PSS padding and raw RSA
}

int pss_methods(ENGINE* /*engine*/, EVP_PKEY_METHOD** method, const int** nids, int nid) {
  static constexpr int rsa_only[] = {EVP_PKEY_RSA};
  static EVP_PKEY_METHOD* const rsa = [] {
    const EVP_PKEY_METHOD* original = EVP_PKEY_meth_find(EVP_PKEY_RSA);
    int ignored = 0;
    int flags = 0;
    EVP_PKEY_meth_get0_info(&ignored, &flags, original);  // EVP_PKEY_meth_copy does not copy the flags
    EVP_PKEY_METHOD* copy = EVP_PKEY_meth_new(EVP_PKEY_RSA, flags);
    if (copy == nullptr) return copy;
    EVP_PKEY_meth_copy(copy, original);
    int (*init)(EVP_PKEY_CTX*) = nullptr;
    EVP_PKEY_meth_get_sign(original, &init, &openssl_sign);
    EVP_PKEY_meth_set_sign(copy, init, rsa_sign);
    return copy;
  }();
  if (method == nullptr) {
    *nids = rsa_only;
    return 1;
  }
  *method = nid == EVP_PKEY_RSA ? rsa : nullptr;
  return *method != nullptr ? 1 : 0;
}

/// An engine that is never registered: it affects only the keys it is assigned to, unlike EVP_PKEY_meth_add0,
/// which would change every RSA key of the process.
ENGINE* pss_engine() {
  static ENGINE* const engine = [] {
    ENGINE* made = ENGINE_new();
    if (made == nullptr || ENGINE_set_id(made, "koshin-token-pss") != 1 ||
        ENGINE_set_pkey_meths(made, pss_methods) != 1) {
      throw std::runtime_error("OpenSSL could not make the method for RSA-PSS");
    }
    return made;
  }();
  return engine;
}

}  // namespace

void use_token_pss(EVP_PKEY* key) {
  if (EVP_PKEY_set1_engine(key, pss_engine()) != 1) {
    throw std::runtime_error("OpenSSL could not make a key use its token's RSA-PSS");
  }
}

}  // namespace koshin::pkcs11
