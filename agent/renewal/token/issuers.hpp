// SPDX-License-Identifier: MIT
// The issuer of a certificate, identified by its key and not by its name; and the holder of a certificate.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "pkcs11/types.hpp"

namespace koshin::renewal {

using Certificates = std::vector<enrollment::Certificate>;

/// "key:" and the key identifier that the certificate names (RFC 5280 section 4.2.1.1). Where the certificate
/// names none: the key identifier of the authority in `authorities` that has the issuer's name and whose key
/// verifies the signature. Where there is no such authority: "name:" and a digest of the issuer's name, with
/// the serial number of the issuer's certificate if that is named.
std::string issuer_key_of(const enrollment::Certificate& certificate, const Certificates& authorities);

/// The issuer keys that count as one: keys of authorities that the same anchor certifies, directly or through
/// others of `authorities`, by verified signatures; and keys that certify one another (a root's key update).
/// Maps each such key to the representative of its set; a key without an anchor is not in the map.
std::map<std::string, std::string> joined_issuers(const Certificates& anchors,
                                                  const Certificates& authorities);

/// The issuer's name as encoded (DER Name), within the certificate; empty where there is none.
pkcs11::ByteView issuer_name_of(const enrollment::Certificate& certificate);

/// A digest of subject and alternative names. Subjects are compared by RFC 5280 section 7.1: attribute type
/// and value, regardless of string type, case and surplus blanks; the order of RDNs counts. Alternative names
/// are compared byte by byte.
std::string holder_of(const enrollment::Certificate& certificate);

}  // namespace koshin::renewal
