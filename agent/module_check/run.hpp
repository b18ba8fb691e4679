// SPDX-License-Identifier: MIT
// koshin-module-check, from its words to its exit code.
#pragma once

#include <string>
#include <vector>

namespace koshin::module_check {

/// Returns 0 when every check has passed, 1 when one has failed, else the exit code of the failure's reason
/// (2: usage, 5: stopped). Never throws.
int run(const std::vector<std::string>& words) noexcept;

}  // namespace koshin::module_check
