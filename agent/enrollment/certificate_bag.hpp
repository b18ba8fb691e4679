// SPDX-License-Identifier: MIT
// The certs-only PKCS#7 in which EST hands out certificates (RFC 7030 sections 4.1.3 and 4.2.3, RFC 5272
// section 4.1).
#pragma once

#include <string_view>
#include <vector>

#include "enrollment/certificate.hpp"

namespace koshin::enrollment {

/// The certificates of an EST answer's body. Whatever its headers say, the body is taken for base64, or for
/// DER when it starts as DER does. `what` names the answer in messages ("/cacerts"). Throws
/// FailureError{authority_response_invalid}: neither, trailing bytes, no SignedData, no certificate in it.
std::vector<Certificate> read_certificate_bag(std::string_view body, std::string_view what);

/// The DER of a body as above, without a look inside. Throws FailureError{authority_response_invalid}.
Bytes read_binary_body(std::string_view body, std::string_view what);

}  // namespace koshin::enrollment
