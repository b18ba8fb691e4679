// SPDX-License-Identifier: MIT
// CsrAttrs ::= SEQUENCE SIZE (0..MAX) OF AttrOrOID; AttrOrOID ::= CHOICE { OBJECT IDENTIFIER, Attribute }.
#include "enrollment/est/csr_attributes.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "enrollment/est/certificate_bag.hpp"
#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

/// "SHA256", … for a digest or a signature algorithm; empty for digests that koshin does not sign with.
std::optional<std::string> digest_of(int nid) {
  int digest = NID_undef;
  if (OBJ_find_sigid_algs(nid, &digest, nullptr) != 1) digest = nid;
  switch (digest) {
    case NID_sha256:
      return "SHA256";
    case NID_sha384:
      return "SHA384";
    case NID_sha512:
      return "SHA512";
    default:
      return std::nullopt;
  }
}

std::optional<pkcs11::KeyAlgorithm> rsa_of_size(const ASN1_INTEGER* size) {
  std::int64_t bits = 0;
  if (ASN1_INTEGER_get_int64(&bits, size) != 1) return std::nullopt;
  return pkcs11::parse_key_algorithm("rsa-" + std::to_string(bits));
}

std::optional<pkcs11::KeyAlgorithm> ec_of_curve(int nid) {
  if (nid == NID_X9_62_prime256v1) return pkcs11::KeyAlgorithm::ec_p256;
  if (nid == NID_secp384r1) return pkcs11::KeyAlgorithm::ec_p384;
  if (nid == NID_secp521r1) return pkcs11::KeyAlgorithm::ec_p521;
  return std::nullopt;
}

void add_key(pkcs11::KeyAlgorithm algorithm, RequestAttributes& wanted) {
  auto& all = wanted.key_algorithms;
  if (std::ranges::find(all, algorithm) == all.end()) all.push_back(algorithm);
}

/// A key family without size or curve accepts any key of it. Alone it is no requirement; beside other types
/// it is one more alternative.
void add_families(bool rsa, bool elliptic, RequestAttributes& wanted) {
  using enum pkcs11::KeyAlgorithm;
  if (wanted.key_algorithms.empty()) return;
  if (elliptic)
    for (const auto algorithm : {ec_p256, ec_p384, ec_p521}) add_key(algorithm, wanted);
  if (rsa)
    for (const auto algorithm : {rsa_2048, rsa_3072, rsa_4096}) add_key(algorithm, wanted);
}

void take_object(int nid, RequestAttributes& wanted) {
  if (nid == NID_pkcs9_challengePassword) {
    wanted.challenge_password = true;
  } else if (const auto digest = digest_of(nid)) {
    wanted.digest = digest;
  }
}

void take_attribute(X509_ATTRIBUTE* attribute, RequestAttributes& wanted) {
  const int nid = OBJ_obj2nid(X509_ATTRIBUTE_get0_object(attribute));
  if (nid != NID_rsaEncryption && nid != NID_X9_62_id_ecPublicKey) {
    take_object(nid, wanted);
    return;
  }
  for (int i = 0; i < X509_ATTRIBUTE_count(attribute); ++i) {
    const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(attribute, i);
    std::optional<pkcs11::KeyAlgorithm> algorithm;
    if (nid == NID_rsaEncryption && value->type == V_ASN1_INTEGER)
      algorithm = rsa_of_size(value->value.integer);
    if (nid == NID_X9_62_id_ecPublicKey && value->type == V_ASN1_OBJECT) {
      algorithm = ec_of_curve(OBJ_obj2nid(value->value.object));
    }
    if (algorithm) add_key(*algorithm, wanted);
  }
}

}  // namespace

RequestAttributes read_request_attributes(std::string_view body) {
  RequestAttributes wanted;
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return wanted;
  const Bytes der = read_binary_body(body, "/csrattrs");
  ERR_clear_error();
  const auto entries = from_der_exactly<ValueStack>(der, d2i_ASN1_SEQUENCE_ANY);
  if (!entries)
    fail(Reason::authority_response_invalid, "/csrattrs: the body is no ASN.1 SEQUENCE: " + openssl_errors());
  bool any_rsa = false, any_elliptic = false;
  for (int i = 0; i < sk_ASN1_TYPE_num(entries.get()); ++i) {
    const ASN1_TYPE* entry = sk_ASN1_TYPE_value(entries.get(), i);
    const int object = entry->type == V_ASN1_OBJECT ? OBJ_obj2nid(entry->value.object) : NID_undef;
    any_rsa = any_rsa || object == NID_rsaEncryption;
    any_elliptic = any_elliptic || object == NID_X9_62_id_ecPublicKey;
    take_object(object, wanted);
    if (entry->type != V_ASN1_SEQUENCE) continue;
    const ASN1_STRING* text = entry->value.sequence;
    const ByteView bytes(ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text)));
    if (const auto attribute = from_der_exactly<X509Attribute>(bytes, d2i_X509_ATTRIBUTE)) {
      take_attribute(attribute.get(), wanted);
    }
  }
  add_families(any_rsa, any_elliptic, wanted);
  ERR_clear_error();
  return wanted;
}

}  // namespace koshin::enrollment
