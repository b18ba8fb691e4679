// SPDX-License-Identifier: MIT
// The parts of a PKCS#10 that the EST client needs before sending. Internal to this module.
#pragma once

#include <optional>
#include <string>

#include "enrollment/x509/certificate.hpp"

namespace koshin::enrollment {

struct RequestParts {
  Bytes subject_der;
  Bytes public_key_der;
  std::optional<std::string> challenge_password;
};
/// Throws FailureError{internal_error} for an unreadable request: requests come only from koshin or its
/// journal.
RequestParts read_request(ByteView request_der);

}  // namespace koshin::enrollment
