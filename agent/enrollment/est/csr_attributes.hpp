// SPDX-License-Identifier: MIT
// The answer of /csrattrs (RFC 7030 section 4.5.2, RFC 8951 section 4): what the authority wants in a
// request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// What the authority wants in a request.
struct RequestAttributes {
  std::vector<pkcs11::KeyAlgorithm> key_algorithms;  ///< any of these; none: whatever the client likes
  std::optional<std::string> digest;
  bool challenge_password = false;  ///< the channel binding of RFC 7030 section 3.5
  bool told = true;                 ///< false: it could not be read this time
};

/// An empty body and an empty SEQUENCE ask for nothing; OIDs and attributes that mean nothing to koshin are
/// passed over. Throws FailureError{authority_response_invalid} for a body that is no CsrAttrs at all.
RequestAttributes read_request_attributes(std::string_view body);

}  // namespace koshin::enrollment
