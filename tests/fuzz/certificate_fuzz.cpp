// SPDX-License-Identifier: MIT
// Certificates: from tokens, and from authorities.
#include "enrollment/x509/certificate.hpp"

#include "harness.hpp"

using koshin::enrollment::Certificate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  koshin::fuzz::taken_or_refused({koshin::Reason::certificate_unreadable}, [&] {
    const auto certificate = Certificate::from_der({data, size});
    (void)certificate.subject();
    (void)certificate.issuer();
    (void)certificate.serial();
    (void)certificate.organization();
    (void)certificate.organizational_unit();
    (void)certificate.common_name();
    (void)certificate.not_before();
    (void)certificate.not_after();
    (void)certificate.key_algorithm();
    (void)certificate.key_usage();
    (void)certificate.extended_key_usages();
    (void)certificate.for_client_authentication();
    koshin::fuzz::require(certificate.der().size() == size, "nothing follows the certificate");
    koshin::fuzz::require(certificate.sha256().size() == 64, "the digest is one of SHA-256");
  });
  return 0;
}
