// SPDX-License-Identifier: MIT
// What a program or library says of itself in its version resource.
#pragma once

#include <filesystem>
#include <string>

namespace koshin {

/// "1.2.3" of the file's version resource; empty where there is none.
std::string version_of_file(const std::filesystem::path& file);

}  // namespace koshin
