// SPDX-License-Identifier: MIT
// Exceptions as the Failure they mean.
#pragma once

#include <exception>

#include "foundation/failures/failure.hpp"

namespace koshin::renewal {

/// Any exception as the Failure it means: pkcs11::Error and ModuleError by what they say, FailureError as it
/// is, the rest internal_error.
Failure as_failure(const std::exception& error);

}  // namespace koshin::renewal
