// SPDX-License-Identifier: MIT
// The form of a certificate, beyond what it takes to read it. Internal to the check of what was issued and
// its tests.
#pragma once

#include <openssl/types.h>

#include <string>

namespace koshin::enrollment {

/// Why programs that go by RFC 5280 refuse a certificate for its form, whatever it says: a version that there
/// is not, an extension that is there twice (section 4.2) or cannot be read. "has the extension … twice";
/// empty when nothing is wrong.
std::string form_trouble(const X509* certificate);

/// Whether both dates are written as RFC 5280 section 4.1.2.5 has them: to the second, in UTC.
bool has_dates_of_rfc5280(const X509* certificate);

}  // namespace koshin::enrollment
