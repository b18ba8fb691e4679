// SPDX-License-Identifier: MIT
// The template of a certificate object (PKCS#11 section 4.6.3).
#include "pkcs11/certificate_object.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <array>
#include <stdexcept>

#include "pkcs11/parsed_x509.hpp"

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

}  // namespace

CK_OBJECT_HANDLE create_certificate_object(const FunctionTable& functions, CK_SESSION_HANDLE session,
                                           ByteView der, ByteView id, const std::string& label) {
  constexpr CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
  constexpr CK_CERTIFICATE_TYPE type = CKC_X_509;
  constexpr CK_BBOOL yes = CK_TRUE;
  constexpr CK_BBOOL no = CK_FALSE;
  const CertificateParts parts = parts_of(der);
  std::array attributes{attribute_of_value(CKA_CLASS, object_class),
                        attribute_of_value(CKA_CERTIFICATE_TYPE, type),
                        attribute_of_value(CKA_TOKEN, yes),
                        attribute_of_value(CKA_PRIVATE, no),
                        attribute_of(CKA_ID, id.data(), id.size()),
                        attribute_of(CKA_LABEL, label.data(), label.size()),
                        attribute_of(CKA_SUBJECT, parts.subject.data(), parts.subject.size()),
                        attribute_of(CKA_ISSUER, parts.issuer.data(), parts.issuer.size()),
                        attribute_of(CKA_SERIAL_NUMBER, parts.serial.data(), parts.serial.size()),
                        attribute_of(CKA_VALUE, der.data(), der.size())};
  CK_OBJECT_HANDLE handle = CK_INVALID_HANDLE;
  functions.call(KOSHIN_CK(C_CreateObject), session, attributes.data(), attributes.size(), &handle);
  return handle;
}

}  // namespace koshin::pkcs11
