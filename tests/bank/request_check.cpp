// SPDX-License-Identifier: MIT
// PKCS#10 (RFC 2986) opened with OpenSSL.
#include "bank/request_check.hpp"

#include <openssl/ec.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace koshin::bank {
namespace {

Bytes value_of(X509_EXTENSION* extension) {
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(extension);
  return Bytes(ASN1_STRING_get0_data(value), ASN1_STRING_get0_data(value) + ASN1_STRING_length(value));
}

std::optional<Bytes> requested_san(X509_REQ* request) {
  STACK_OF(X509_EXTENSION)* extensions = X509_REQ_get_extensions(request);
  if (extensions == nullptr) return std::nullopt;
  std::optional<Bytes> san;
  const int index = X509v3_get_ext_by_NID(extensions, NID_subject_alt_name, -1);
  if (index >= 0) san = value_of(X509v3_get_ext(extensions, index));
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  return san;
}

std::optional<std::string> challenge_of(const X509_REQ* request) {
  const int index = X509_REQ_get_attr_by_NID(request, NID_pkcs9_challengePassword, -1);
  if (index < 0) return std::nullopt;
  const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(X509_REQ_get_attr(request, index), 0);
  // RFC 2985 section 5.4.1: a DirectoryString. The value of a NULL or BOOLEAN is no string at all.
  constexpr std::array texts{V_ASN1_PRINTABLESTRING, V_ASN1_UTF8STRING, V_ASN1_IA5STRING,
                             V_ASN1_T61STRING,       V_ASN1_BMPSTRING,  V_ASN1_UNIVERSALSTRING};
  if (value == nullptr || std::find(texts.begin(), texts.end(), value->type) == texts.end())
    throw Refusal(400, "the challengePassword is no text");
  const ASN1_STRING* text = value->value.asn1_string;
  return std::string(ASN1_STRING_get0_data(text), ASN1_STRING_get0_data(text) + ASN1_STRING_length(text));
}

void check_strength(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    if (EVP_PKEY_get_bits(key) < 2048) throw Refusal(400, "RSA keys need at least 2048 bits");
    return;
  }
  if (EVP_PKEY_is_a(key, "EC") != 1) throw Refusal(400, "only RSA and EC keys are certified");
  std::array<char, 64> group{};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) != 1) {
    throw Refusal(400, "explicit EC parameters are refused; name the curve");
  }
  const std::string_view curve(group.data(), length);
  if (curve != "prime256v1" && curve != "P-256" && curve != "secp384r1" && curve != "secp521r1") {
    throw Refusal(400, "the curve " + std::string(curve) + " is not accepted");
  }
}

/// RFC 5480 section 2.1.1: a named curve; OpenSSL would recognise explicit parameters and put a name to them.
void refuse_explicit_curve(const X509_PUBKEY* info) {
  X509_ALGOR* algorithm = nullptr;
  check(X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &algorithm, info) == 1, "read public key");
  const ASN1_OBJECT* object = nullptr;
  int type = 0;
  X509_ALGOR_get0(&object, &type, nullptr, algorithm);
  if (OBJ_obj2nid(object) == NID_X9_62_id_ecPublicKey && type != V_ASN1_OBJECT) {
    throw Refusal(400, "explicit EC parameters are refused; name the curve");
  }
}

void check_digest(const X509_REQ* request) {
  int digest = NID_undef;
  OBJ_find_sigid_algs(X509_REQ_get_signature_nid(request), &digest, nullptr);
  if (digest == NID_md5 || digest == NID_sha1)
    throw Refusal(400, "requests signed with MD5 or SHA-1 are refused");
}

}  // namespace

SigningRequest open_request(ByteView der) {
  const unsigned char* cursor = der.data();
  const X509ReqPtr request(d2i_X509_REQ(nullptr, &cursor, static_cast<long>(der.size())));
  if (!request || cursor != der.data() + der.size())
    throw Refusal(400, "the body is not one PKCS#10 request");
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr) throw Refusal(400, "the public key of the request cannot be read");

  SigningRequest opened;
  const X509_NAME* subject = X509_REQ_get_subject_name(request.get());
  opened.subject = to_der(subject, i2d_X509_NAME);
  opened.common_name = name_entry(subject, NID_commonName);
  opened.public_key = to_der(X509_REQ_get_X509_PUBKEY(request.get()), i2d_X509_PUBKEY);
  opened.san = requested_san(request.get());
  opened.challenge_password = challenge_of(request.get());

  refuse_explicit_curve(X509_REQ_get_X509_PUBKEY(request.get()));
  check_strength(key);
  check_digest(request.get());
  if (X509_REQ_verify(request.get(), key) != 1) {
    throw Refusal(400, "the signature of the request does not fit its public key (proof of possession)");
  }
  return opened;
}

std::optional<Bytes> san_of(const X509* certificate) {
  const int index = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1);
  if (index < 0) return std::nullopt;
  return value_of(X509_get_ext(certificate, index));
}

}  // namespace koshin::bank
