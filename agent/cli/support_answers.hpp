// SPDX-License-Identifier: MIT
// What programs and files say, for a support bundle: bounded in time and size, and with the reason where
// there is nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/interrupt.hpp"

namespace koshin::cli {

/// What a program writes to stdout, at most half a megabyte of it; why there is nothing, else. Throws
/// FailureError{interrupted}.
std::string output_of(const Interrupt& interrupt, const std::filesystem::path& program,
                      const std::vector<std::string>& arguments, std::chrono::seconds limit);

/// The end of a file, at most `limit` bytes of it.
std::string file_or_reason(const std::filesystem::path& file, std::size_t limit);

}  // namespace koshin::cli
