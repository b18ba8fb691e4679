// SPDX-License-Identifier: MIT
// The file that an upgrade replaces.
#pragma once

#include <filesystem>

namespace koshin {

/// The file that holds this code: of a delivered program the library that all of them share, else the program
/// itself, as where the system does not tell.
std::filesystem::path file_of_this_code();

}  // namespace koshin
