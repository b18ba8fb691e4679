// SPDX-License-Identifier: MIT
// The certificates in a PKCS#7 object that OpenSSL rejects as a whole. Internal to this module.
#pragma once

#include <vector>

#include "pkcs11/types.hpp"

namespace koshin::enrollment {

/// The elements of the certificates field of a SignedData (RFC 5652 section 5.1), split by their lengths; an
/// element may be no certificate. They point into `der`. Empty for anything else, BER included.
std::vector<pkcs11::ByteView> elements_of_signed_data(pkcs11::ByteView der);

}  // namespace koshin::enrollment
