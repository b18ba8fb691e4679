// SPDX-License-Identifier: MIT
// Options that exclude or need each other.
#pragma once

#include "cli/arguments.hpp"

namespace koshin::cli {

/// Throws FailureError{usage_error} for options that do not go together.
void check_combinations(const Arguments& arguments);

}  // namespace koshin::cli
