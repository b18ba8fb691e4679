// SPDX-License-Identifier: MIT
// What an authority asks for at /csrattrs.
#include "enrollment/est/csr_attributes.hpp"

#include "harness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  koshin::fuzz::taken_or_refused({koshin::Reason::authority_response_invalid}, [&] {
    (void)koshin::enrollment::read_request_attributes(koshin::fuzz::text_of(data, size));
  });
  return 0;
}
