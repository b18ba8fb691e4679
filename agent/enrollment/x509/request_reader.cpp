// SPDX-License-Identifier: MIT
// Parsing of koshin's own PKCS#10 requests.
#include "enrollment/x509/request_reader.hpp"

#include <openssl/err.h>

#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

RequestParts read_request(ByteView request_der) {
  ERR_clear_error();
  const auto request = from_der_exactly<X509Request>(request_der, d2i_X509_REQ);
  if (!request)
    fail(Reason::internal_error, "the stored certificate request is damaged: " + openssl_errors());
  RequestParts parts;
  parts.subject_der = to_der(X509_REQ_get_subject_name(request.get()), i2d_X509_NAME);
  parts.public_key_der = to_der(X509_REQ_get_X509_PUBKEY(request.get()), i2d_X509_PUBKEY);
  const int index = X509_REQ_get_attr_by_NID(request.get(), NID_pkcs9_challengePassword, -1);
  if (index < 0) return parts;
  X509_ATTRIBUTE* attribute = X509_REQ_get_attr(request.get(), index);
  if (const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(attribute, 0);
      value != nullptr && value->type == V_ASN1_PRINTABLESTRING) {
    const unsigned char* first = ASN1_STRING_get0_data(value->value.printablestring);
    parts.challenge_password.emplace(first, first + ASN1_STRING_length(value->value.printablestring));
  }
  return parts;
}

}  // namespace koshin::enrollment
