// SPDX-License-Identifier: MIT
// Certificates of authorities that TLS may show beside the user's own.
#pragma once

#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

/// Those on the token; what cannot be read is passed over.
std::vector<enrollment::Certificate> authorities_on(const OpenToken& token);

}  // namespace koshin::renewal
