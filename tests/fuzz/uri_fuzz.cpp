// SPDX-License-Identifier: MIT
// RFC 7512 URIs: from settings, command lines and the page.
#include "harness.hpp"
#include "pkcs11/uri.hpp"

using koshin::pkcs11::Uri;
using koshin::pkcs11::UriError;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  koshin::fuzz::taken_or_refused<UriError>([&] {
    const Uri uri = Uri::parse(koshin::fuzz::text_of(data, size));
    const koshin::pkcs11::TokenInfo token;
    (void)uri.matches(token);
    const std::string text = uri.to_string();
    koshin::fuzz::require(uri.unknown_path_attribute || Uri::parse(text).to_string() == text,
                          "a URI that was written is read as the same");
  });
  return 0;
}
