// SPDX-License-Identifier: MIT
#include "token_fixture.hpp"

#include <openssl/rsa.h>

#include <stdexcept>

namespace koshin::pkcs11 {
namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

EVP_PKEY* parse(ByteView public_key) {
  const unsigned char* cursor = public_key.data();
  return d2i_PUBKEY(nullptr, &cursor, static_cast<long>(public_key.size()));
}

bool use_pss(EVP_PKEY_CTX* context, bool pss) {
  return !pss || (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
                  EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
}

}  // namespace

TokenInfo SoftHsmToken::token_named(Module& module, const std::string& label) {
  for (const TokenInfo& token : module.tokens()) {
    if (token.label == label) return token;
  }
  throw std::runtime_error("no token is called " + label);
}

std::unique_ptr<Session> SoftHsmToken::logged_in(const std::shared_ptr<Module>& module) {
  auto session = Session::open(module, token_named(*module, "desk").slot, Access::read_write);
  session->login(User::user, pin_of(user_pin));
  return session;
}

EvpPkey software_key() {
  return EvpPkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));  // EVP_EC_gen casts const away
}

Bytes public_key_info(EVP_PKEY* key) {
  unsigned char* memory = nullptr;
  const int length = i2d_PUBKEY(key, &memory);
  Bytes der(memory, memory + length);
  OPENSSL_free(memory);
  return der;
}

Bytes certificate_for(ByteView public_key, const std::string& common_name, long serial) {
  static const EvpPkey authority = software_key();
  const Certificate certificate(X509_new(), X509_free);
  const EvpPkey subject_key(parse(public_key));
  if (!subject_key) throw std::runtime_error("not a public key");
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  const auto* name = reinterpret_cast<const unsigned char*>(common_name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, name, -1, -1, 0);
  X509_NAME_add_entry_by_txt(X509_get_issuer_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("Throw-away CA"), -1, -1, 0);
  X509_set_pubkey(certificate.get(), subject_key.get());
  X509_sign(certificate.get(), authority.get(), EVP_sha256());
  unsigned char* memory = nullptr;
  const int length = i2d_X509(certificate.get(), &memory);
  Bytes der(memory, memory + length);
  OPENSSL_free(memory);
  return der;
}

bool verifies(ByteView public_key, const EVP_MD* digest, ByteView data, ByteView signature, bool pss) {
  const EvpPkey key(parse(public_key));
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* key_context = nullptr;
  return key && EVP_DigestVerifyInit(context.get(), &key_context, digest, nullptr, key.get()) == 1 &&
         use_pss(key_context, pss) &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(), data.size()) == 1;
}

Bytes digest_sign(EVP_PKEY* key, const EVP_MD* digest, ByteView data, bool pss) {
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* key_context = nullptr;
  Bytes signature(1024);
  std::size_t length = signature.size();
  if (EVP_DigestSignInit(context.get(), &key_context, digest, nullptr, key) != 1 ||
      !use_pss(key_context, pss) ||
      EVP_DigestSign(context.get(), signature.data(), &length, data.data(), data.size()) != 1) {
    return {};
  }
  signature.resize(length);
  return signature;
}

}  // namespace koshin::pkcs11
