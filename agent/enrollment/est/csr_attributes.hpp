// SPDX-License-Identifier: MIT
// The answer of /csrattrs (RFC 7030 section 4.5.2, RFC 8951 section 4): what the authority wants in a
// request.
#pragma once

#include <string_view>

#include "enrollment/authority/certificate_authority.hpp"

namespace koshin::enrollment {

/// An empty body and an empty SEQUENCE ask for nothing; OIDs and attributes that mean nothing to koshin are
/// passed over. Throws FailureError{authority_response_invalid} for a body that is no CsrAttrs at all.
RequestAttributes read_request_attributes(std::string_view body);

}  // namespace koshin::enrollment
