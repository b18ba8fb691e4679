// SPDX-License-Identifier: MIT
// What differs between two names that may look the same: an attribute's value, its string type, the order.
#pragma once

#include <string>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// Of two X.501 Names: 'commonName is PrintableString "u", asked for was UTF8String "u"; …'. Where no
/// attribute tells them apart, the DER of both in hexadecimal. Bounded, printable.
std::string subject_difference(ByteView asked, ByteView got);

/// The same of two values of the subjectAltName extension: 'asked for was email:a@b.example, it has …'.
std::string alternative_name_difference(ByteView asked, ByteView got);

}  // namespace koshin::enrollment
