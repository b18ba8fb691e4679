// SPDX-License-Identifier: MIT
// One form after the other.
#include "bank/other_forms.hpp"

#include <stdexcept>

#include "bank/base64.hpp"
#include "bank/ca.hpp"

namespace koshin::bank {
namespace {

std::string text_of(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

std::string pem(const char* kind, const Bytes& der) {
  return std::string("-----BEGIN ") + kind + "-----\n" + base64_encode(der, true) + "-----END " + kind +
         "-----\n";
}

std::string mime(const Bytes& pkcs7) {
  return "--estParts\r\nContent-Type: text/plain\r\n\r\nYour certificate is below.\r\n"
         "--estParts\r\nContent-Type: application/pkcs7-mime; smime-type=certs-only\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n" +
         base64_encode(pkcs7, true) + "\r\n--estParts--\r\n";
}

}  // namespace

Response in_other_form(const std::string& form, const std::vector<X509*>& certificates) {
  const auto first = to_der(certificates.front(), i2d_X509);
  if (form == "pem") {
    std::string text;
    for (const X509* certificate : certificates) text += pem("CERTIFICATE", to_der(certificate, i2d_X509));
    return {.content_type = "application/x-pem-file", .body = text};
  }
  if (form == "pem7") return {.content_type = "text/plain", .body = pem("PKCS7", certs_only(certificates))};
  if (form == "mime") {
    return {.content_type = "multipart/mixed; boundary=estParts", .body = mime(certs_only(certificates))};
  }
  if (form == "der") {
    return {.content_type = "application/pkcs7-mime", .body = text_of(certs_only(certificates))};
  }
  if (form == "certificate")
    return {.content_type = "application/pkix-cert", .body = base64_encode(first, true)};
  if (form == "certificate_der") return {.content_type = "application/pkix-cert", .body = text_of(first)};
  throw std::invalid_argument("the bank knows no form \"" + form + "\"");
}

}  // namespace koshin::bank
