// SPDX-License-Identifier: MIT
// The usages of a renewed certificate, compared with the old one. Internal to check_issued() and its tests.
#pragma once

#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// "digitalSignature, keyEncipherment" for OpenSSL's KU_* bits, in the words of RFC 5280 section 4.2.1.3.
std::string key_usages_in_words(unsigned bits);

/// ", "-separated OIDs of critical extensions that OpenSSL does not know: relying parties must reject such a
/// certificate (RFC 5280 section 4.2). Empty when there are none.
std::string unknown_critical_extensions(const X509* certificate);

/// The usages among `bits` that apply to a key of this type ("ec-p256", "rsa-2048"): no encipherment with an
/// EC key (RFC 5480 section 3, RFC 8813), no key agreement with an RSA key (RFC 4055 section 1.2).
unsigned key_usages_that_apply(unsigned bits, const std::string& key_algorithm);

/// Whether OpenSSL, which most servers rely on, accepts the certificate's usages for a TLS client; its rules
/// include nsCertType.
bool openssl_lets_log_in(const Certificate& certificate);

/// Why the usages of `issued` are not acceptable for a renewal of `old`: "lacks …", "may also …". Empty when
/// they are. `may_be_added`: extended key usages (OIDs) that may be new.
std::string usage_trouble(const Certificate& old, const Certificate& issued,
                          const std::vector<std::string>& may_be_added);

}  // namespace koshin::enrollment
