// SPDX-License-Identifier: MIT
// What the client has to know of a PKCS#10 that it is about to send. Internal to this module.
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
/// Throws FailureError{internal_error}: requests come from this program or its journal, nowhere else.
RequestParts read_request(ByteView request_der);

}  // namespace koshin::enrollment
