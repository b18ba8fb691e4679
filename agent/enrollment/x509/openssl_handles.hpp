// SPDX-License-Identifier: MIT
// Owners for OpenSSL objects, and its error queue as text. Internal to this module and its tests.
#pragma once

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "pkcs11/parsed_x509.hpp"
#include "pkcs11/types.hpp"

namespace koshin::enrollment {

template <auto Free>
struct OpensslDeleter {
  template <typename T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
template <typename T, auto Free>
using OpensslHandle = std::unique_ptr<T, OpensslDeleter<Free>>;

inline void free_certificate_stack(STACK_OF(X509) * stack) {
  sk_X509_pop_free(stack, X509_free);
}
inline void free_extension_stack(STACK_OF(X509_EXTENSION) * stack) {
  sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}
inline void free_value_stack(ASN1_SEQUENCE_ANY* stack) {
  sk_ASN1_TYPE_pop_free(stack, ASN1_TYPE_free);
}
inline void free_openssl_bytes(unsigned char* bytes) {
  OPENSSL_free(bytes);
}
inline void free_openssl_text(char* text) {
  OPENSSL_free(text);
}

using pkcs11::EvpPkey;
using Bio = OpensslHandle<BIO, BIO_free_all>;
using pkcs11::X509Handle;
using X509Name = OpensslHandle<X509_NAME, X509_NAME_free>;
using X509Request = OpensslHandle<X509_REQ, X509_REQ_free>;
using X509Store = OpensslHandle<X509_STORE, X509_STORE_free>;
using X509StoreContext = OpensslHandle<X509_STORE_CTX, X509_STORE_CTX_free>;
using X509Extension = OpensslHandle<X509_EXTENSION, X509_EXTENSION_free>;
using X509Attribute = OpensslHandle<X509_ATTRIBUTE, X509_ATTRIBUTE_free>;
using ExtensionStack = OpensslHandle<STACK_OF(X509_EXTENSION), free_extension_stack>;
using CertificateStack = OpensslHandle<STACK_OF(X509), free_certificate_stack>;
using ValueStack = OpensslHandle<ASN1_SEQUENCE_ANY, free_value_stack>;
using OctetString = OpensslHandle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using BigNumber = OpensslHandle<BIGNUM, BN_free>;
using CmsContent = OpensslHandle<CMS_ContentInfo, CMS_ContentInfo_free>;
using UsageStack = OpensslHandle<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;

/// OpenSSL's messages about the call that just failed, oldest first; empties the error queue.
std::string openssl_errors();

/// The DER of an object with an i2d function. Empty when OpenSSL cannot encode it.
template <typename T, typename Encode>
pkcs11::Bytes to_der(const T* object, Encode encode) {
  unsigned char* raw = nullptr;
  const int size = encode(object, &raw);
  if (size <= 0) return {};
  const OpensslHandle<unsigned char, free_openssl_bytes> owner(raw);
  return {raw, raw + size};
}

/// Parses DER that must fill `der` exactly. Empty handle otherwise.
template <typename Handle, typename Decode>
Handle from_der_exactly(pkcs11::ByteView der, Decode decode) {
  const unsigned char* cursor = der.data();
  Handle object(decode(nullptr, &cursor, static_cast<long>(der.size())));
  if (object && cursor != der.data() + der.size()) object.reset();
  return object;
}

}  // namespace koshin::enrollment
