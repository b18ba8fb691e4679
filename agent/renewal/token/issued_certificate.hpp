// SPDX-License-Identifier: MIT
// The certificate of a record, which an odd one must not keep other work from.
#pragma once

#include <optional>

#include "enrollment/x509/certificate.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// What was issued for the record. Empty where nothing was, and, with a warning, where it cannot be read any
/// more (a damaged disk).
std::optional<enrollment::Certificate> issued_certificate(const Record& record);

}  // namespace koshin::renewal
