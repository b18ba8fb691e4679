// SPDX-License-Identifier: MIT
// SubjectPublicKeyInfo from the attributes of token objects.
#include "pkcs11/public_key.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <string>

#include "pkcs11/parsed_x509.hpp"

namespace koshin::pkcs11 {
namespace {

template <auto function>
struct Free {
  template <class Type>
  void operator()(Type* object) const {
    function(object);
  }
};
using Group = std::unique_ptr<EC_GROUP, Free<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Free<EC_POINT_free>>;
using PublicKeyInfo = std::unique_ptr<X509_PUBKEY, Free<X509_PUBKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
using Object = std::unique_ptr<ASN1_OBJECT, Free<ASN1_OBJECT_free>>;

/// Clears OpenSSL's error queue: invalid bytes of a token result in an empty value and leave no entry in the
/// queue.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

template <class Encode, class Object>
Bytes encoded(Encode encode, Object* object) {
  unsigned char* memory = nullptr;
  const int length = encode(object, &memory);
  if (length <= 0) return {};
  Bytes result(memory, memory + length);
  OPENSSL_free(memory);
  return result;
}

/// CKA_EC_PARAMS is an OID, explicit parameters (ECParameters), or since PKCS#11 3.0 a PrintableString with a
/// name.
int curve_of(ByteView parameters) {
  if (parameters.size() < 2) return NID_undef;
  const unsigned char* cursor = parameters.data();
  const auto length = static_cast<long>(parameters.size());
  if (parameters[0] == V_ASN1_OBJECT) {
    const Object oid(d2i_ASN1_OBJECT(nullptr, &cursor, length));
    return oid ? OBJ_obj2nid(oid.get()) : NID_undef;
  }
  if (parameters[0] == V_ASN1_PRINTABLESTRING && parameters[1] == parameters.size() - 2) {
    return OBJ_txt2nid(std::string(parameters.begin() + 2, parameters.end()).c_str());
  }
  const Group explicit_group(d2i_ECPKParameters(nullptr, &cursor, length));
  if (!explicit_group) return NID_undef;
  return std::max(EC_GROUP_check_named_curve(explicit_group.get(), 0, nullptr), NID_undef);
}

/// Whether these bytes have the length and first byte of an encoded point (SEC 1 section 2.3.3).
bool looks_like_point(ByteView bytes, std::size_t field) {
  if (bytes.empty()) return false;
  if (bytes[0] == POINT_CONVERSION_UNCOMPRESSED) return bytes.size() == 2 * field + 1;
  return (bytes[0] == 2 || bytes[0] == 3) && bytes.size() == field + 1;
}

ByteView without_octet_string(ByteView point, std::size_t field) {
  const unsigned char* cursor = point.data();
  long length = 0;
  int tag = 0;
  int klass = 0;
  const int form = ASN1_get_object(&cursor, &length, &tag, &klass, static_cast<long>(point.size()));
  const auto header = static_cast<std::size_t>(cursor - point.data());
  if (form == 0 && tag == V_ASN1_OCTET_STRING && header + static_cast<std::size_t>(length) == point.size() &&
      looks_like_point(point.subspan(header), field)) {
    return point.subspan(header);
  }
  return looks_like_point(point, field) ? point : ByteView{};
}

/// The point in uncompressed form, checked to be on the curve.
Bytes uncompressed(const EC_GROUP* group, ByteView given) {
  const auto field = (static_cast<std::size_t>(EC_GROUP_get_degree(group)) + 7) / 8;
  const ByteView bytes = without_octet_string(given, field);
  const Point point(EC_POINT_new(group));
  if (bytes.empty() || !point ||
      EC_POINT_oct2point(group, point.get(), bytes.data(), bytes.size(), nullptr) != 1) {
    return {};
  }
  Bytes result(2 * field + 1);
  if (EC_POINT_point2oct(group, point.get(), POINT_CONVERSION_UNCOMPRESSED, result.data(), result.size(),
                         nullptr) != result.size()) {
    return {};
  }
  return result;
}

Bytes info_with_named_curve(int curve, const Bytes& point) {
  const PublicKeyInfo info(X509_PUBKEY_new());
  auto* bits = static_cast<unsigned char*>(OPENSSL_memdup(point.data(), point.size()));
  if (!info || bits == nullptr ||
      X509_PUBKEY_set0_param(info.get(), OBJ_nid2obj(NID_X9_62_id_ecPublicKey), V_ASN1_OBJECT,
                             OBJ_nid2obj(curve), bits, static_cast<int>(point.size())) != 1) {
    OPENSSL_free(bits);
    return {};
  }
  return encoded(i2d_X509_PUBKEY, info.get());
}

/// The key of a certificate; EC keys with explicit parameters are rewritten with a named curve.
Bytes with_named_curve(const X509_PUBKEY* info) {
  ASN1_OBJECT* algorithm = nullptr;
  const unsigned char* bits = nullptr;
  int length = 0;
  X509_ALGOR* identifier = nullptr;
  if (X509_PUBKEY_get0_param(&algorithm, &bits, &length, &identifier, info) != 1) return {};
  int type = V_ASN1_UNDEF;
  const void* parameters = nullptr;
  X509_ALGOR_get0(nullptr, &type, &parameters, identifier);
  if (OBJ_obj2nid(algorithm) != NID_X9_62_id_ecPublicKey || type != V_ASN1_SEQUENCE) {
    return encoded(i2d_X509_PUBKEY, info);
  }
  const auto* sequence = static_cast<const ASN1_STRING*>(parameters);
  return ec_public_key(
      {ASN1_STRING_get0_data(sequence), static_cast<std::size_t>(ASN1_STRING_length(sequence))},
      {bits, static_cast<std::size_t>(length)});
}

}  // namespace

Bytes rsa_public_key(ByteView modulus, ByteView exponent) {
  if (modulus.empty() || exponent.empty()) return {};
  const QuietErrors quiet;
  const Number n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
  const Number e(BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
  const std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>> build(OSSL_PARAM_BLD_new());
  if (!n || !e || !build || BN_is_zero(n.get()) ||
      OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return {};
  }
  const std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(build.get()));
  const std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return {};
  }
  const EvpPkey owner(key);
  return encoded(i2d_PUBKEY, key);
}

Bytes ec_public_key(ByteView parameters, ByteView point) {
  const QuietErrors quiet;
  const int curve = curve_of(parameters);
  if (curve == NID_undef) return {};
  const Group group(EC_GROUP_new_by_curve_name(curve));
  if (!group) return {};
  const Bytes bits = uncompressed(group.get(), point);
  return bits.empty() ? Bytes{} : info_with_named_curve(curve, bits);
}

Bytes public_key_of_certificate(ByteView der) {
  const QuietErrors quiet;
  const X509Handle certificate = parse_certificate(der).x509;
  return certificate ? with_named_curve(X509_get_X509_PUBKEY(certificate.get())) : Bytes{};
}

Bytes curve_parameters(KeyAlgorithm algorithm) {
  int curve = NID_X9_62_prime256v1;
  if (algorithm == KeyAlgorithm::ec_p384) curve = NID_secp384r1;
  if (algorithm == KeyAlgorithm::ec_p521) curve = NID_secp521r1;
  return encoded(i2d_ASN1_OBJECT, OBJ_nid2obj(curve));
}

void EvpPkeyDeleter::operator()(EVP_PKEY* key) const noexcept {
  EVP_PKEY_free(key);
}

}  // namespace koshin::pkcs11
