// SPDX-License-Identifier: MIT
// Creation and parsing of PKCS#10 requests.
#include "enrollment/x509/certificate_request.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>

#include <array>
#include <string_view>

#include "enrollment/x509/openssl_handles.hpp"
#include "enrollment/x509/request_reader.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

void expect(bool done, const char* what) {
  if (!done)
    fail(Reason::internal_error,
         std::string("making the certificate request, ") + what + ": " + openssl_errors());
}

/// Some modules return EC keys with explicit curve parameters. No authority accepts a request with such a
/// key.
void refuse_explicit_curve(const EVP_PKEY* public_key) {
  std::array<char, 32> encoding{};
  if (EVP_PKEY_is_a(public_key, "EC") == 1 &&
      (EVP_PKEY_get_utf8_string_param(public_key, OSSL_PKEY_PARAM_EC_ENCODING, encoding.data(),
                                      encoding.size(), nullptr) != 1 ||
       std::string_view(encoding.data()) != OSSL_PKEY_EC_ENCODING_GROUP)) {
    fail(Reason::key_algorithm_not_allowed,
         "the new key's elliptic curve is given by explicit parameters instead of its name; authorities "
         "refuse that");
  }
}

X509Name decode_name(ByteView der) {
  auto name = from_der_exactly<X509Name>(der, d2i_X509_NAME);
  if (!name) fail(Reason::certificate_unreadable, "the subject is not an X.501 name: " + openssl_errors());
  return name;
}

const EVP_MD* digest_named(const std::string& name) {
  if (name == "SHA256") return EVP_sha256();
  if (name == "SHA384") return EVP_sha384();
  if (name == "SHA512") return EVP_sha512();
  fail(Reason::internal_error, "no such digest for a certificate request: " + name);
}

void add_alternative_name(X509_REQ* request, const Bytes& value, bool critical) {
  const OctetString octets(ASN1_OCTET_STRING_new());
  expect(octets && ASN1_OCTET_STRING_set(octets.get(), value.data(), static_cast<int>(value.size())) == 1,
         "subjectAltName");
  X509Extension extension(
      X509_EXTENSION_create_by_NID(nullptr, NID_subject_alt_name, critical ? 1 : 0, octets.get()));
  const ExtensionStack extensions(sk_X509_EXTENSION_new_null());
  expect(extension && extensions && sk_X509_EXTENSION_push(extensions.get(), extension.get()) > 0,
         "subjectAltName");
  static_cast<void>(extension.release());  // owned by the stack
  expect(X509_REQ_add_extensions(request, extensions.get()) == 1, "subjectAltName");
}

void add_challenge_password(X509_REQ* request, const std::string& text) {
  // PrintableString, as RFC 2985 section 5.4.1 prefers; base64 consists of its characters.
  const Bytes bytes(text.begin(), text.end());
  expect(X509_REQ_add1_attr_by_NID(request, NID_pkcs9_challengePassword, V_ASN1_PRINTABLESTRING, bytes.data(),
                                   static_cast<int>(bytes.size())) == 1,
         "challengePassword");
}

Bytes public_key_in(const X509Request& request) {
  return to_der(X509_REQ_get_X509_PUBKEY(request.get()), i2d_X509_PUBKEY);
}

/// Uses the token's key where it is equal: OpenSSL would encode and parse another key again.
void set_public_key(const X509Request& request, EVP_PKEY* token_key, EVP_PKEY* public_key,
                    const Bytes& wanted) {
  if (X509_REQ_set_pubkey(request.get(), token_key) == 1 && public_key_in(request) == wanted) return;
  ERR_clear_error();
  expect(X509_REQ_set_pubkey(request.get(), public_key) == 1, "public key");
}

X509Request unsigned_request(const RequestContent& content, EVP_PKEY* token_key, EVP_PKEY* public_key) {
  X509Request request(X509_REQ_new());
  expect(request && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1, "version");
  expect(X509_REQ_set_subject_name(request.get(), decode_name(content.subject_der).get()) == 1, "subject");
  set_public_key(request, token_key, public_key, content.public_key_der);
  if (content.san_der) add_alternative_name(request.get(), *content.san_der, content.san_critical);
  if (content.challenge_password) add_challenge_password(request.get(), *content.challenge_password);
  // The key was decoded and encoded again: verify that it did not change.
  expect(public_key_in(request) == content.public_key_der, "the public key changed its encoding");
  expect(to_der(X509_REQ_get_subject_name(request.get()), i2d_X509_NAME) == content.subject_der,
         "the subject changed its encoding");
  return request;
}

}  // namespace

Bytes make_certificate_request(const RequestContent& content, EVP_PKEY* key) {
  ERR_clear_error();
  const EvpPkey public_key = pkcs11::parse_public_key(content.public_key_der);
  if (!public_key)
    fail(Reason::key_pair_mismatch, "the token's public key cannot be read: " + openssl_errors());
  refuse_explicit_curve(public_key.get());
  const X509Request request = unsigned_request(content, key, public_key.get());
  if (X509_REQ_sign(request.get(), key, digest_named(content.digest)) <= 0) {
    fail(Reason::token_error, "the token did not sign the certificate request: " + openssl_errors());
  }
  // A token with two keys under one CKA_ID may sign with the other one.
  if (X509_REQ_verify(request.get(), public_key.get()) != 1) {
    ERR_clear_error();
    fail(Reason::key_pair_mismatch,
         "the token signed the certificate request with another key than the new one");
  }
  Bytes der = to_der(request.get(), i2d_X509_REQ);
  expect(!der.empty(), "encoding");
  return der;
}

Bytes make_subject(const std::string& organization, const std::string& organizational_unit,
                   const std::string& common_name) {
  const X509Name name(X509_NAME_new());
  expect(name != nullptr, "subject");
  const auto add = [&](int nid, const std::string& value) {
    if (value.empty()) return;
    const Bytes bytes(value.begin(), value.end());
    if (X509_NAME_add_entry_by_NID(name.get(), nid, MBSTRING_UTF8, bytes.data(),
                                   static_cast<int>(bytes.size()), -1, 0) != 1) {
      fail(Reason::settings_invalid, "\"" + printable(value, 100) +
                                         "\" cannot be part of a certificate's subject: " + openssl_errors());
    }
  };
  add(NID_organizationName, organization);
  add(NID_organizationalUnitName, organizational_unit);
  add(NID_commonName, common_name);
  return to_der(name.get(), i2d_X509_NAME);
}

Bytes subject_of_request(ByteView request_der) {
  return read_request(request_der).subject_der;
}

Bytes public_key_of_request(ByteView request_der) {
  return read_request(request_der).public_key_der;
}

}  // namespace koshin::enrollment
