// SPDX-License-Identifier: MIT
// The template of a certificate object (PKCS#11 section 4.6.3).
#include "pkcs11/certificate_object.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "pkcs11/parsed_x509.hpp"
#include "pkcs11/refused_templates.hpp"

namespace koshin::pkcs11 {
namespace {

struct CertificateParts {
  Bytes subject;  ///< Name, as encoded
  Bytes issuer;   ///< Name, as encoded
  Bytes serial;   ///< INTEGER, DER with tag and length
};

Bytes encoding_of(const X509_NAME* name) {
  const unsigned char* der = nullptr;
  std::size_t length = 0;
  if (X509_NAME_get0_der(name, &der, &length) != 1) return {};
  return {der, der + length};
}

CertificateParts parts_of(ByteView der) {
  ERR_set_mark();
  const auto [certificate, size] = parse_certificate(der);
  ERR_pop_to_mark();
  if (!certificate || size != der.size()) {
    throw std::invalid_argument("what should be written to the token is not an X.509 certificate");
  }
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate.get());
  unsigned char* memory = nullptr;
  const int length = i2d_ASN1_INTEGER(serial, &memory);
  CertificateParts parts{encoding_of(X509_get_subject_name(certificate.get())),
                         encoding_of(X509_get_issuer_name(certificate.get())),
                         {}};
  if (length > 0) parts.serial.assign(memory, memory + length);
  OPENSSL_free(memory);
  return parts;
}

/// Extents of a template, the largest first.
enum class Extent {
  full,
  without_private,  ///< without CKA_PRIVATE: public is the default of tokens
  minimal           ///< also without CKA_LABEL, CKA_ISSUER and CKA_SERIAL_NUMBER (section 4.6.3)
};
constexpr std::array extents{Extent::full, Extent::without_private, Extent::minimal};

std::vector<CK_ATTRIBUTE> certificate_template(const CertificateParts& parts, ByteView der, ByteView id,
                                               const std::string& label, Extent extent) {
  static constexpr CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
  static constexpr CK_CERTIFICATE_TYPE type = CKC_X_509;
  static constexpr CK_BBOOL yes = CK_TRUE;
  static constexpr CK_BBOOL no = CK_FALSE;
  std::vector<CK_ATTRIBUTE> attributes{attribute_of_value(CKA_CLASS, object_class),
                                       attribute_of_value(CKA_CERTIFICATE_TYPE, type),
                                       attribute_of_value(CKA_TOKEN, yes),
                                       attribute_of(CKA_ID, id.data(), id.size()),
                                       attribute_of(CKA_SUBJECT, parts.subject.data(), parts.subject.size()),
                                       attribute_of(CKA_VALUE, der.data(), der.size())};
  if (extent == Extent::full) attributes.push_back(attribute_of_value(CKA_PRIVATE, no));
  if (extent == Extent::minimal) return attributes;
  attributes.push_back(attribute_of(CKA_LABEL, label.data(), label.size()));
  attributes.push_back(attribute_of(CKA_ISSUER, parts.issuer.data(), parts.issuer.size()));
  attributes.push_back(attribute_of(CKA_SERIAL_NUMBER, parts.serial.data(), parts.serial.size()));
  return attributes;
}

}  // namespace

CK_OBJECT_HANDLE create_certificate_object(const FunctionTable& functions, CK_SESSION_HANDLE session,
                                           ByteView der, ByteView id, const std::string& label,
                                           const std::function<void()>& clear_remains) {
  const CertificateParts parts = parts_of(der);
  CK_OBJECT_HANDLE handle = CK_INVALID_HANDLE;
  first_template_taken("C_CreateObject", extents, clear_remains, [&](Extent extent) {
    auto attributes = certificate_template(parts, der, id, label, extent);
    return functions.attempt(KOSHIN_CK(C_CreateObject), session, attributes.data(), attributes.size(),
                             &handle);
  });
  return handle;
}

}  // namespace koshin::pkcs11
