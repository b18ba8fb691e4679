// SPDX-License-Identifier: MIT
// The whole command-line program, apart from main().
#pragma once

#include <string>
#include <vector>

namespace koshin::cli {

/// Parses, runs, reports. Returns the exit code; throws nothing.
int run(const std::vector<std::string>& words) noexcept;

}  // namespace koshin::cli
