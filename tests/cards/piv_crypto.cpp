// SPDX-License-Identifier: MIT
#include "piv_crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

#include "openssl_key.hpp"

namespace koshin::cards {
namespace {

using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using PrivateKeyInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freed<PKCS8_PRIV_KEY_INFO_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

bool is_rsa(Algorithm algorithm) {
  return algorithm == Algorithm::rsa_1024 || algorithm == Algorithm::rsa_2048;
}

Key new_key(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::rsa_1024:
      return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024}));
    case Algorithm::rsa_2048:
      return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
    case Algorithm::ec_p256:
      return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    case Algorithm::ec_p384:
      return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"));
    default:
      return nullptr;
  }
}

Bytes number(const EVP_PKEY* key, const char* name) {
  BIGNUM* found = nullptr;
  EVP_PKEY_get_bn_param(key, name, &found);
  const Number owner(found);
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(found)));
  BN_bn2bin(found, bytes.data());
  return bytes;
}

const char* cipher_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::triple_des:
      return "DES-EDE3-ECB";
    case Algorithm::aes_128:
      return "AES-128-ECB";
    case Algorithm::aes_192:
      return "AES-192-ECB";
    case Algorithm::aes_256:
      return "AES-256-ECB";
    default:
      return nullptr;
  }
}

Bytes apply(Algorithm algorithm, ByteView key, ByteView block, int encrypt) {
  if (key.empty() || key.size() != management_key_size(algorithm) || block.size() != block_size(algorithm))
    return {};
  const std::unique_ptr<EVP_CIPHER, Freed<EVP_CIPHER_free>> cipher(
      EVP_CIPHER_fetch(nullptr, cipher_of(algorithm), nullptr));
  const CipherContext context(EVP_CIPHER_CTX_new());
  Bytes result(block.size());
  int size = 0;
  if (!cipher ||
      EVP_CipherInit_ex2(context.get(), cipher.get(), key.data(), nullptr, encrypt, nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_CipherUpdate(context.get(), result.data(), &size, block.data(), static_cast<int>(block.size())) !=
          1 ||
      static_cast<std::size_t>(size) != block.size())
    throw std::runtime_error("OpenSSL has no such cipher");
  return result;
}

}  // namespace

Key key_of(ByteView private_key) {
  const unsigned char* cursor = private_key.data();
  const PrivateKeyInfo info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &cursor, static_cast<long>(private_key.size())));
  Key key(info ? EVP_PKCS82PKEY(info.get()) : nullptr);
  if (!key) throw std::runtime_error("the card's key cannot be read");
  return key;
}

Bytes generate_key(Algorithm algorithm) {
  const Key key = new_key(algorithm);
  if (!key) return {};
  const PrivateKeyInfo info(EVP_PKEY2PKCS8(key.get()));
  return encoded(i2d_PKCS8_PRIV_KEY_INFO, info.get());
}

Bytes public_key_fields(ByteView private_key) {
  const Key key = key_of(private_key);
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) {
    Bytes fields = tlv(0x81, number(key.get(), OSSL_PKEY_PARAM_RSA_N));
    append(fields, tlv(0x82, number(key.get(), OSSL_PKEY_PARAM_RSA_E)));
    return fields;
  }
  Bytes point(256);
  std::size_t size = 0;
  EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size);
  return tlv(0x86, ByteView(point).first(size));
}

Bytes public_key_info(ByteView private_key) {
  return encoded(i2d_PUBKEY, key_of(private_key).get());
}

Bytes sign(const KeySlot& slot, ByteView data) {
  const Key key = key_of(slot.private_key);
  const KeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr));
  if (!context || EVP_PKEY_sign_init(context.get()) != 1) throw std::runtime_error("no key to sign with");
  const bool rsa = is_rsa(slot.algorithm);
  if (rsa && data.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key.get()))) return {};
  if (rsa) EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING);
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())));
  std::size_t size = signature.size();
  if (EVP_PKEY_sign(context.get(), signature.data(), &size, data.data(), data.size()) != 1) return {};
  signature.resize(size);
  return signature;
}

Bytes encrypt_block(Algorithm algorithm, ByteView key, ByteView block) {
  return apply(algorithm, key, block, 1);
}

Bytes decrypt_block(Algorithm algorithm, ByteView key, ByteView block) {
  return apply(algorithm, key, block, 0);
}

std::size_t block_size(Algorithm algorithm) {
  return algorithm == Algorithm::triple_des ? 8 : 16;
}

std::size_t management_key_size(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::triple_des:
    case Algorithm::aes_192:
      return 24;
    case Algorithm::aes_128:
      return 16;
    case Algorithm::aes_256:
      return 32;
    default:
      return 0;
  }
}

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count);
  if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) throw std::runtime_error("no random bytes");
  return bytes;
}

}  // namespace koshin::cards
