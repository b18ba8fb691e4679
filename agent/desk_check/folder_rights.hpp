// SPDX-License-Identifier: MIT
// What this user may do in a folder.
#pragma once

#include <filesystem>
#include <string>

namespace koshin::desk_check {

/// Why this user cannot make files in the folder, in the system's words; empty where nothing speaks against
/// it. Nothing is written to find out.
std::string why_not_writable(const std::filesystem::path& folder);

}  // namespace koshin::desk_check
