// SPDX-License-Identifier: MIT
// The native bridge: OpenSSL's RSA_METHOD and EC_KEY_METHOD.
//
// These tables are deprecated since OpenSSL 3.0 in favour of providers. They are what libp11 uses too, and a
// provider of our own would be ten times this file.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

#include "pkcs11/guarded_signer.hpp"

namespace koshin::pkcs11 {
namespace {

[[noreturn]] void openssl_failed(const char* what) {
  throw std::runtime_error(std::string("OpenSSL could not ") + what);
}

// ---- RSA ----

int rsa_index() {
  static const int index = signer_index(CRYPTO_EX_INDEX_RSA);
  return index;
}

/// RSA_private_encrypt, which is how OpenSSL signs: PKCS#1 with a DigestInfo, or already padded.
int rsa_private_encrypt(int length, const unsigned char* from, unsigned char* to, RSA* rsa, int padding) {
  GuardedSigner* signer = held_signer(RSA_get_ex_data(rsa, rsa_index()));
  if (signer == nullptr || length < 0 || (padding != RSA_PKCS1_PADDING && padding != RSA_NO_PADDING))
    return -1;
  SignatureRequest request;
  request.scheme =
      padding == RSA_PKCS1_PADDING ? SignatureRequest::Scheme::rsa_pkcs1 : SignatureRequest::Scheme::rsa_raw;
  request.data = {from, static_cast<std::size_t>(length)};
  Bytes signature;
  if (signer->sign(request, signature) != CKR_OK) return -1;
  if (signature.size() != static_cast<std::size_t>(RSA_size(rsa))) return -1;
  std::copy(signature.begin(), signature.end(), to);
  return static_cast<int>(signature.size());
}

int rsa_private_decrypt(int /*length*/, const unsigned char* /*from*/, unsigned char* /*to*/, RSA* /*rsa*/,
                        int /*padding*/) {
  return -1;  // decryption is not offered
}

const RSA_METHOD* rsa_method() {
  static RSA_METHOD* const method = [] {
    RSA_METHOD* copy = RSA_meth_dup(RSA_PKCS1_OpenSSL());
    if (copy == nullptr) openssl_failed("make an RSA method");
    RSA_meth_set1_name(copy, "koshin token key");
    RSA_meth_set_flags(copy, RSA_FLAG_EXT_PKEY | RSA_METHOD_FLAG_NO_CHECK);
    RSA_meth_set_priv_enc(copy, rsa_private_encrypt);
    RSA_meth_set_priv_dec(copy, rsa_private_decrypt);
    return copy;
  }();
  return method;
}

EvpPkey rsa_key(const PublicKeyParts& parts, const SharedSigner& signer) {
  const std::unique_ptr<RSA, decltype(&RSA_free)> rsa(RSA_new(), RSA_free);
  BIGNUM* n = BN_bin2bn(parts.modulus.data(), static_cast<int>(parts.modulus.size()), nullptr);
  BIGNUM* e = BN_bin2bn(parts.exponent.data(), static_cast<int>(parts.exponent.size()), nullptr);
  if (!rsa || RSA_set0_key(rsa.get(), n, e, nullptr) != 1) {
    BN_free(n);
    BN_free(e);
    openssl_failed("make an RSA key");
  }
  EvpPkey key(EVP_PKEY_new());
  // The method is set first: EVP_PKEY checks it to recognize a foreign key.
  if (!key || RSA_set_method(rsa.get(), rsa_method()) != 1 ||
      hold_signer(signer, [&](void* held) { return RSA_set_ex_data(rsa.get(), rsa_index(), held); }) != 1 ||
      EVP_PKEY_set1_RSA(key.get(), rsa.get()) != 1) {
    openssl_failed("make an RSA key");
  }
  return key;
}

// ---- EC ----

int ec_index() {
  static const int index = signer_index(CRYPTO_EX_INDEX_EC_KEY);
  return index;
}

ECDSA_SIG* ec_sign(const unsigned char* digest, int length, const BIGNUM* /*kinv*/, const BIGNUM* /*r*/,
                   EC_KEY* key) {
  GuardedSigner* signer = held_signer(EC_KEY_get_ex_data(key, ec_index()));
  if (signer == nullptr || length < 0) return nullptr;
  // Only the leftmost bits of a digest longer than the curve's order count (FIPS 186-4 section 6.4); not
  // every token truncates it.
  const auto field = static_cast<std::size_t>(EC_GROUP_order_bits(EC_KEY_get0_group(key)) + 7) / 8;
  SignatureRequest request;
  request.scheme = SignatureRequest::Scheme::ecdsa;
  request.data = {digest, std::min(static_cast<std::size_t>(length), field)};
  Bytes raw;
  if (signer->sign(request, raw) != CKR_OK || raw.empty() || raw.size() % 2 != 0) return nullptr;
  const int half = static_cast<int>(raw.size() / 2);
  ECDSA_SIG* signature = ECDSA_SIG_new();
  BIGNUM* r = BN_bin2bn(raw.data(), half, nullptr);
  BIGNUM* s = BN_bin2bn(raw.data() + half, half, nullptr);
  if (signature == nullptr || ECDSA_SIG_set0(signature, r, s) != 1) {
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(signature);
    return nullptr;
  }
  return signature;
}

int ec_sign_der(int /*type*/, const unsigned char* digest, int length, unsigned char* out,
                unsigned* out_length, const BIGNUM* kinv, const BIGNUM* r, EC_KEY* key) {
  ECDSA_SIG* signature = ec_sign(digest, length, kinv, r, key);
  if (signature == nullptr) return 0;
  const int size = i2d_ECDSA_SIG(signature, &out);
  ECDSA_SIG_free(signature);
  if (size <= 0) return 0;
  *out_length = static_cast<unsigned>(size);
  return 1;
}

const EC_KEY_METHOD* ec_method() {
  static EC_KEY_METHOD* const method = [] {
    EC_KEY_METHOD* copy = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
    if (copy == nullptr) openssl_failed("make an EC method");
    EC_KEY_METHOD_set_sign(copy, ec_sign_der, nullptr, ec_sign);
    return copy;
  }();
  return method;
}

EvpPkey ec_key(const PublicKeyParts& parts, const SharedSigner& signer) {
  const std::unique_ptr<EC_KEY, decltype(&EC_KEY_free)> ec(EC_KEY_new_by_curve_name(parts.curve),
                                                           EC_KEY_free);
  EvpPkey key(EVP_PKEY_new());
  if (!ec || !key || EC_KEY_oct2key(ec.get(), parts.point.data(), parts.point.size(), nullptr) != 1 ||
      EC_KEY_set_method(ec.get(), ec_method()) != 1 ||
      hold_signer(signer, [&](void* held) { return EC_KEY_set_ex_data(ec.get(), ec_index(), held); }) != 1 ||
      EVP_PKEY_set1_EC_KEY(key.get(), ec.get()) != 1) {
    openssl_failed("make an EC key");
  }
  return key;
}

}  // namespace

EvpPkey make_native_private_key(const PublicKeyParts& parts, const SharedSigner& signer) {
  return parts.rsa ? rsa_key(parts, signer) : ec_key(parts, signer);
}

}  // namespace koshin::pkcs11
