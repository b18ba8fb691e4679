// SPDX-License-Identifier: MIT
// What a front end that ends TLS hands on.
#pragma once

#include "bank/http_types.hpp"

namespace koshin::bank {

/// The certificate in the field X-Client-Certificate: base64 of its DER (haproxy), or PEM, either with its
/// line breaks made blanks (apache2) or percent-encoded (nginx). Null when there is none.
X509Ptr certificate_of_front(const Request& request);

}  // namespace koshin::bank
