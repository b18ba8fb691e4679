// SPDX-License-Identifier: MIT
// The certificate that a PIV card's module puts beside a new key.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <utility>

namespace koshin::faults {

/// Subject and certificate, both DER, for a P-256 key: issuer and subject are the same, it expires as it is
/// made, and its signature is good for nothing. `point` is CKA_EC_POINT: the point in an OCTET STRING. `age`:
/// how long ago the key was made.
std::pair<std::string, std::string> placeholder_certificate(std::span<const unsigned char> point,
                                                            std::chrono::seconds age = {});

}  // namespace koshin::faults
