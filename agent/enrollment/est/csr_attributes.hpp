// SPDX-License-Identifier: MIT
// The answer of /csrattrs (RFC 7030 section 4.5.2, RFC 8951 section 4): the authority's requirements for a
// request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// The authority's requirements for a request.
struct RequestAttributes {
  std::vector<pkcs11::KeyAlgorithm> key_algorithms;  ///< any of these is accepted; empty: no requirement
  std::optional<std::string> digest;
  bool challenge_password = false;  ///< the channel binding of RFC 7030 section 3.5
  bool told = true;                 ///< false: the answer could not be read this time
};

/// Parses a /csrattrs body. An empty body and an empty SEQUENCE have no requirements; unknown OIDs and
/// attributes are ignored. Throws FailureError{authority_response_invalid} for a body that is no CsrAttrs.
RequestAttributes read_request_attributes(std::string_view body);

}  // namespace koshin::enrollment
