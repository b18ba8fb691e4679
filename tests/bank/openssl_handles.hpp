// SPDX-License-Identifier: MIT
// Owning handles for OpenSSL's objects, and the one way in which the bank reports that OpenSSL said no.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace koshin::bank {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

template <auto Free>
struct Releaser {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Releaser<X509_free>>;
using X509ReqPtr = std::unique_ptr<X509_REQ, Releaser<X509_REQ_free>>;
using X509NamePtr = std::unique_ptr<X509_NAME, Releaser<X509_NAME_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Releaser<X509_EXTENSION_free>>;
using BioPtr = std::unique_ptr<BIO, Releaser<BIO_free_all>>;
using Pkcs7Ptr = std::unique_ptr<PKCS7, Releaser<PKCS7_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, Releaser<BN_free>>;
using ObjectPtr = std::unique_ptr<ASN1_OBJECT, Releaser<ASN1_OBJECT_free>>;

/// Throws std::runtime_error with `what` and OpenSSL's own words unless `ok`.
void check(bool ok, const char* what);

/// DER of any object that has an i2d function.
template <class T, class Encode>
Bytes to_der(const T* object, Encode encode) {
  unsigned char* buffer = nullptr;
  const int length = encode(object, &buffer);
  check(length >= 0, "encode DER");
  const std::unique_ptr<unsigned char, Releaser<[](void* p) { OPENSSL_free(p); }>> owner(buffer);
  return Bytes(buffer, buffer + length);
}

/// Throws std::runtime_error when `der` is not one whole certificate.
X509Ptr parse_certificate(ByteView der);
/// The last attribute of this kind in a name, as UTF-8; empty when there is none.
std::string name_entry(const X509_NAME* name, int nid);
/// Lower-case hexadecimal of SHA-256.
std::string sha256_hex(ByteView bytes);
std::string hex(ByteView bytes);
/// Serial number in upper-case hexadecimal.
std::string serial_of(const X509* certificate);
/// `count` bytes from the system's generator, in lower-case hexadecimal.
std::string random_hex(std::size_t count);

}  // namespace koshin::bank
