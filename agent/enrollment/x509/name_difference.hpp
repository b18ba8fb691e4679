// SPDX-License-Identifier: MIT
// The difference between two names that may look equal: an attribute's value, its string type, the order.
#pragma once

#include <string>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// The difference of two X.501 Names (DER): 'commonName is PrintableString "u", asked for was UTF8String "u";
/// …'. Where no attribute differs, both encodings in hexadecimal. Bounded, printable.
std::string subject_difference(ByteView asked, ByteView got);

/// The difference of two values of the subjectAltName extension: 'asked for was email:a@b.example, it has …'.
std::string alternative_name_difference(ByteView asked, ByteView got);

}  // namespace koshin::enrollment
