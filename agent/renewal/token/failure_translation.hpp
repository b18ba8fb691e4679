// SPDX-License-Identifier: MIT
// Conversion of exceptions to Failure.
#pragma once

#include <exception>

#include "foundation/failures/failure.hpp"

namespace koshin::renewal {

/// Converts any exception: pkcs11::Error and ModuleError by their codes, FailureError unchanged, all others
/// to internal_error.
Failure as_failure(const std::exception& error);

}  // namespace koshin::renewal
