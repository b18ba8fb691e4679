// SPDX-License-Identifier: MIT
// The certificates in which an authority answers, in every form that is read.
#include "enrollment/est/certificate_bag.hpp"

#include "enrollment/http/base64.hpp"
#include "harness.hpp"

using namespace koshin::enrollment;  // NOLINT(google-build-using-namespace): a program of one page

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = koshin::fuzz::text_of(data, size);
  if (const auto bytes = from_base64(body))
    koshin::fuzz::require(from_base64(to_wrapped_base64(*bytes)) == bytes,
                          "base64 that was written is read as the same");
  koshin::fuzz::taken_or_refused({koshin::Reason::authority_response_invalid}, [&] {
    const auto certificates = read_certificate_bag(body, "/cacerts").certificates;
    koshin::fuzz::require(!certificates.empty(), "a bag holds a certificate");
    for (const auto& certificate : certificates) (void)certificate.subject();
  });
  return 0;
}
