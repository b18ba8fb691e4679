// SPDX-License-Identifier: MIT
// Keys that sign through a method table, which is how libp11 brings a token's key to OpenSSL 3.
#define OPENSSL_SUPPRESS_DEPRECATED  // method tables are that old, and what libp11 uses
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <atomic>

#include "pki.hpp"

namespace koshin::enrollment::test {

namespace {

std::atomic<int> signatures{0};

int sign_rsa(int size, const unsigned char* from, unsigned char* to, RSA* rsa, int padding) {
  ++signatures;
  return RSA_meth_get_priv_enc(RSA_PKCS1_OpenSSL())(size, from, to, rsa, padding);
}

int sign_rsa_pkcs1_only(int size, const unsigned char* from, unsigned char* to, RSA* rsa, int padding) {
  return padding == RSA_PKCS1_PADDING ? sign_rsa(size, from, to, rsa, padding) : -1;
}

ECDSA_SIG* sign_ec(const unsigned char* digest, int size, const BIGNUM* kinv, const BIGNUM* r, EC_KEY* key) {
  ++signatures;
  ECDSA_SIG* (*original)(const unsigned char*, int, const BIGNUM*, const BIGNUM*, EC_KEY*) = nullptr;
  EC_KEY_METHOD_get_sign(EC_KEY_OpenSSL(), nullptr, nullptr, &original);
  return original(digest, size, kinv, r, key);
}

EC_KEY_METHOD* ec_method() {
  static EC_KEY_METHOD* const method = [] {
    EC_KEY_METHOD* made = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
    int (*sign)(int, const unsigned char*, int, unsigned char*, unsigned*, const BIGNUM*, const BIGNUM*,
                EC_KEY*) = nullptr;
    int (*setup)(EC_KEY*, BN_CTX*, BIGNUM**, BIGNUM**) = nullptr;
    EC_KEY_METHOD_get_sign(EC_KEY_OpenSSL(), &sign, &setup, nullptr);
    EC_KEY_METHOD_set_sign(made, sign, setup, &sign_ec);
    return made;
  }();
  return method;
}

RSA_METHOD* rsa_method(bool raw) {
  const auto make = [](auto* signer) {
    RSA_METHOD* made = RSA_meth_dup(RSA_PKCS1_OpenSSL());
    RSA_meth_set_priv_enc(made, signer);
    return made;
  };
  static RSA_METHOD* const with_raw = make(&sign_rsa);
  static RSA_METHOD* const without_raw = make(&sign_rsa_pkcs1_only);
  return raw ? with_raw : without_raw;
}

}  // namespace

EvpPkey make_token_like_key(EVP_PKEY* key, bool raw) {
  EvpPkey copy(EVP_PKEY_new());
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    RSA* rsa = RSAPrivateKey_dup(EVP_PKEY_get0_RSA(key));
    RSA_set_method(rsa, rsa_method(raw));
    EVP_PKEY_assign(copy.get(), EVP_PKEY_RSA, rsa);
  } else {
    EC_KEY* ec = EC_KEY_dup(EVP_PKEY_get0_EC_KEY(key));
    EC_KEY_set_method(ec, ec_method());
    EVP_PKEY_assign(copy.get(), EVP_PKEY_EC, ec);
  }
  return copy;
}

int signature_count() {
  return signatures;
}

}  // namespace koshin::enrollment::test
