// SPDX-License-Identifier: MIT
// Formal requirements for a certificate beyond parsing. Internal to check_issued() and its tests.
#pragma once

#include <openssl/types.h>

#include <string>

namespace koshin::enrollment {

/// Why programs that follow RFC 5280 refuse the form of a certificate: an invalid version, a repeated
/// extension (section 4.2) or an unreadable one, as "has the extension … twice"; empty when there is nothing
/// wrong.
std::string form_trouble(const X509* certificate);

/// Whether both dates have the form of RFC 5280 section 4.1.2.5: to the second, in UTC.
bool has_dates_of_rfc5280(const X509* certificate);

}  // namespace koshin::enrollment
