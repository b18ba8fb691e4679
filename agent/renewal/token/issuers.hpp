// SPDX-License-Identifier: MIT
// Who issued a certificate, told by the issuer's key and not by its name; and whose name a certificate bears.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"

namespace koshin::renewal {

using Certificates = std::vector<enrollment::Certificate>;

/// "key:" and the key identifier that the certificate names (RFC 5280 section 4.2.1.1). Where it names none:
/// that of the authority at hand which bears the issuer's name and whose key verifies the signature. Where
/// none is at hand: "name:" and a digest of the issuer's name, with the serial number of the issuer's
/// certificate if that is named.
std::string issuer_key_of(const enrollment::Certificate& certificate, const Certificates& authorities);

/// Which issuers' keys count as one: those of authorities that the same anchor vouches for, directly or over
/// others of `authorities`, by signatures that were verified; keys that vouch for one another's (a root's key
/// update) as well. Maps each such key to the one that stands for all; a key that no anchor vouches for is
/// not in it.
std::map<std::string, std::string> joined_issuers(const Certificates& anchors,
                                                  const Certificates& authorities);

/// A digest of subject and alternative names. Subjects are compared as RFC 5280 section 7.1 has it: by
/// attribute type and value, whatever the string type, without regard to case and surplus blanks; the order
/// of their parts counts. Alternative names are compared byte by byte.
std::string holder_of(const enrollment::Certificate& certificate);

}  // namespace koshin::renewal
