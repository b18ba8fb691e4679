// SPDX-License-Identifier: MIT
// Reading certs-only PKCS#7 with OpenSSL's CMS parser, which also reads the BER that some Java authorities
// write.
#include "enrollment/certificate_bag.hpp"

#include <openssl/cms.h>
#include <openssl/err.h>

#include "enrollment/base64.hpp"
#include "enrollment/openssl_handles.hpp"
#include "foundation/failure.hpp"

namespace koshin::enrollment {

namespace {
constexpr int max_certificates = 200;
constexpr char der_sequence =
    0x30;  // as a base64 digit it would decode to 0xD0…, which no answer of EST starts with
}  // namespace

Bytes read_binary_body(std::string_view body, std::string_view what) {
  if (!body.empty() && body.front() == der_sequence) return {body.begin(), body.end()};
  auto der = from_base64(body);
  if (!der) {
    fail(Reason::authority_response_invalid, std::string(what) +
                                                 ": the body is neither base64 nor DER; it starts with \"" +
                                                 printable(body.substr(0, 40)) + "\"");
  }
  return *std::move(der);
}

std::vector<Certificate> read_certificate_bag(std::string_view body, std::string_view what) {
  const Bytes der = read_binary_body(body, what);
  const auto invalid = [&](const std::string& text) {
    fail(Reason::authority_response_invalid, std::string(what) + ": " + text);
  };
  ERR_clear_error();
  const auto content = from_der_exactly<CmsContent>(der, d2i_CMS_ContentInfo);
  if (!content)
    invalid("the body is not a PKCS#7 object of " + std::to_string(der.size()) +
            " bytes: " + openssl_errors());
  if (OBJ_obj2nid(CMS_get0_type(content.get())) != NID_pkcs7_signed)
    invalid("the PKCS#7 object is no SignedData");
  const CertificateStack stack(CMS_get1_certs(content.get()));
  ERR_clear_error();
  const int count = stack ? sk_X509_num(stack.get()) : 0;
  if (count == 0) invalid("the PKCS#7 object holds no certificate");
  if (count > max_certificates) invalid("the PKCS#7 object holds more than 200 certificates");
  std::vector<Certificate> certificates;
  certificates.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    X509* parsed = sk_X509_value(stack.get(), i);
    X509_up_ref(parsed);
    try {
      certificates.push_back(Certificate::adopt(parsed));
    } catch (const FailureError& error) {  // dates that are none
      invalid(error.failure().detail);
    }
  }
  return certificates;
}

}  // namespace koshin::enrollment
