// SPDX-License-Identifier: MIT
// Certificates in the forms in which servers send them that do not go by RFC 7030.
#pragma once

#include <string>
#include <vector>

#include "bank/http_types.hpp"

namespace koshin::bank {

/// `form` is "pem", "pem7" (PKCS#7 in PEM), "mime", "der" (PKCS#7), "certificate" (base64 of the first one's
/// DER) or "certificate_der". Throws std::invalid_argument for others.
Response in_other_form(const std::string& form, const std::vector<X509*>& certificates);

}  // namespace koshin::bank
