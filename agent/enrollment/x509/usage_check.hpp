// SPDX-License-Identifier: MIT
// What a renewed certificate may be used for, compared with the old one. Internal to the check of what was
// issued and its tests.
#pragma once

#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// "digitalSignature, keyEncipherment" for OpenSSL's KU_* bits, in the words of RFC 5280 section 4.2.1.3.
std::string key_usages_in_words(unsigned bits);

/// ", "-separated OIDs of its critical extensions that OpenSSL does not know, so that nobody who uses it may
/// rely on the certificate (RFC 5280 section 4.2). Empty when there are none.
std::string unknown_critical_extensions(const X509* certificate);

/// The usages among `bits` that mean something for a key of this type ("ec-p256", "rsa-2048"): RFC 5480
/// section 3 (RFC 8813) knows no encipherment with an EC key, RFC 4055 section 1.2 no agreement with an RSA
/// key.
unsigned key_usages_that_apply(unsigned bits, const std::string& key_algorithm);

/// Whether OpenSSL, which most servers leave this to, lets it log in by its usages: its own rules look at
/// nsCertType too.
bool openssl_lets_log_in(const Certificate& certificate);

/// Why the usages of `issued` are not what a renewal of `old` may bring: "lacks …", "may also …". Empty when
/// they are. `may_be_added` are extended key usages (OIDs) that may be new.
std::string usage_trouble(const Certificate& old, const Certificate& issued,
                          const std::vector<std::string>& may_be_added);

}  // namespace koshin::enrollment
