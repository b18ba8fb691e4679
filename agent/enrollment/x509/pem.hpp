// SPDX-License-Identifier: MIT
// Certificates as text (RFC 7468 section 5). What reads it is Certificate::from_pem_file().
#pragma once

#include <span>
#include <string>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

/// One block after the other, base64 in lines of 64 columns; empty without certificates. Throws
/// FailureError{internal_error}.
std::string to_pem(std::span<const Certificate> certificates);

}  // namespace koshin::enrollment
