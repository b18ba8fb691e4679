// SPDX-License-Identifier: MIT
// The certificates in a PKCS#7 object that OpenSSL does not read as a whole. Internal to this module.
#pragma once

#include <vector>

#include "pkcs11/types.hpp"

namespace koshin::enrollment {

/// The elements of the field certificates of a SignedData (RFC 5652 section 5.1), by their own lengths, one
/// of which may be no certificate at all. They point into `der`. Empty when it is none, or is in BER.
std::vector<pkcs11::ByteView> elements_of_signed_data(pkcs11::ByteView der);

}  // namespace koshin::enrollment
