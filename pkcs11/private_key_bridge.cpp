// SPDX-License-Identifier: MIT
// Shared by both bridges.
#include "pkcs11/private_key_bridge.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "pkcs11/error.hpp"
#include "pkcs11/guarded_signer.hpp"
#include "pkcs11/parsed_x509.hpp"

namespace koshin::pkcs11 {
namespace {

/// Whether a retry may do harm: only unsupported mechanisms and unspecific failures may be retried in another
/// way.
bool is_final(const Error& error) {
  if (dynamic_cast<const TouchMissed*>(&error) != nullptr) return true;  // the token would blink again
  switch (classify(error.code())) {  // PIN-related codes are final from every call
    case Trouble::not_supported:
    case Trouble::other:
      return false;
    default:
      return true;
  }
}

Bytes number_of(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1)
    throw std::invalid_argument("a public key without its numbers");
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, bytes.data());
  BN_free(number);
  return bytes;
}

void free_holder(void* /*key*/, void* holder, CRYPTO_EX_DATA* /*data*/, int /*index*/, long /*argl*/,
                 void* /*argp*/) {
  delete static_cast<SharedSigner*>(holder);
}

/// A duplicated EVP_PKEY shares the signer.
int copy_holder(CRYPTO_EX_DATA* /*to*/, const CRYPTO_EX_DATA* /*from*/, void** holder, int /*index*/,
                long /*argl*/, void* /*argp*/) {
  if (*holder != nullptr) *holder = new SharedSigner(*static_cast<SharedSigner*>(*holder));
  return 1;
}

int evp_index() {
  static const int index = signer_index(CRYPTO_EX_INDEX_EVP_PKEY);
  return index;
}

}  // namespace

CK_RV GuardedSigner::sign(const SignatureRequest& request, Bytes& signature) noexcept {
  if (final_failure_ != CKR_OK) return final_failure_;
  try {
    signature = sign_(request);
    return CKR_OK;
  } catch (const Error& error) {
    const auto rv = static_cast<CK_RV>(static_cast<unsigned>(error.code().value()));
    if (is_final(error)) final_failure_ = rv;
    return rv;
  } catch (...) {
    final_failure_ = CKR_FUNCTION_CANCELED;
    return final_failure_;
  }
}

PublicKeyParts public_key_parts(ByteView subject_public_key_info) {
  ERR_set_mark();
  const EvpPkey key = parse_public_key(subject_public_key_info);
  ERR_pop_to_mark();
  PublicKeyParts parts;
  if (key && EVP_PKEY_is_a(key.get(), "RSA") == 1) {
    parts.rsa = true;
    parts.modulus = number_of(key.get(), OSSL_PKEY_PARAM_RSA_N);
    parts.exponent = number_of(key.get(), OSSL_PKEY_PARAM_RSA_E);
    return parts;
  }
  std::array<char, 80> curve{};
  if (!key || EVP_PKEY_is_a(key.get(), "EC") != 1 ||
      EVP_PKEY_get_group_name(key.get(), curve.data(), curve.size(), nullptr) != 1) {
    throw UnsupportedKey("a token's key of type " + key_type_name(key.get()) +
                         " cannot sign for OpenSSL: that takes RSA, or EC on a named curve");
  }
  parts.curve = OBJ_txt2nid(curve.data());
  parts.point.resize(512);
  std::size_t length = 0;
  if (EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, parts.point.data(),
                                      parts.point.size(), &length) != 1) {
    throw UnsupportedKey("an EC public key without its point");
  }
  parts.point.resize(length);
  return parts;
}

int signer_index(int object_class) {
  return CRYPTO_get_ex_new_index(object_class, 0, nullptr, nullptr, copy_holder, free_holder);
}

GuardedSigner* held_signer(void* held) {
  return held == nullptr ? nullptr : static_cast<SharedSigner*>(held)->get();
}

void attach_signer(EVP_PKEY* key, const SharedSigner& signer) {
  if (hold_signer(signer, [key](void* held) { return EVP_PKEY_set_ex_data(key, evp_index(), held); }) != 1) {
    throw std::runtime_error("OpenSSL could not attach a signer to a key");
  }
}

GuardedSigner* attached_signer(const EVP_PKEY* key) {
  return held_signer(EVP_PKEY_get_ex_data(key, evp_index()));
}

BridgeKind default_bridge() noexcept {
#ifdef KOSHIN_WITH_LIBP11
  return BridgeKind::libp11;
#else
  return BridgeKind::native;
#endif
}

EvpPkey make_private_key(BridgeKind kind, ByteView public_key, SignFunction sign) {
  const PublicKeyParts parts = public_key_parts(public_key);
  const auto signer = std::make_shared<GuardedSigner>(std::move(sign));
#ifdef KOSHIN_WITH_LIBP11
  EvpPkey key = kind == BridgeKind::libp11 ? make_libp11_private_key(parts, signer)
                                           : make_native_private_key(parts, signer);
#else
  if (kind == BridgeKind::libp11) throw std::runtime_error("this build has no libp11");
  EvpPkey key = make_native_private_key(parts, signer);
#endif
  attach_signer(key.get(), signer);
  if (parts.rsa) use_token_pss(key.get());
  return key;
}

}  // namespace koshin::pkcs11
