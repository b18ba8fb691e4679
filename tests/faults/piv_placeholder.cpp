// SPDX-License-Identifier: MIT
#include "faults/piv_placeholder.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <memory>

namespace koshin::faults {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using X509Pointer = std::unique_ptr<X509, Freed<X509_free>>;

constexpr std::size_t octet_string_header = 2;

Key public_key(std::span<const unsigned char> point) {
  std::string bytes(point.begin() + octet_string_header, point.end());
  std::string group = "prime256v1";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size()),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size()),
      OSSL_PARAM_construct_end()};
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters);
  return Key(key);
}

template <typename Thing>
std::string der(int (*encode)(const Thing*, unsigned char**), const Thing* thing) {
  unsigned char* bytes = nullptr;
  const int size = encode(thing, &bytes);
  std::string result(bytes, bytes + (size > 0 ? size : 0));
  OPENSSL_free(bytes);
  return result;
}

}  // namespace

std::pair<std::string, std::string> placeholder_certificate(std::span<const unsigned char> point,
                                                            std::chrono::seconds age) {
  const Key key = public_key(point);
  const Key nobodys(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));  // EVP_EC_gen() casts const away
  const X509Pointer certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const auto* text = reinterpret_cast<const unsigned char*>("placeholder");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -static_cast<long>(age.count()));
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), -static_cast<long>(age.count()));
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), nobodys.get(), EVP_sha256());
  return {der<X509_NAME>(i2d_X509_NAME, X509_get_subject_name(certificate.get())),
          der<X509>(i2d_X509, certificate.get())};
}

}  // namespace koshin::faults
