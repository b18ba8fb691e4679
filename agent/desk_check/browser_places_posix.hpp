// SPDX-License-Identifier: MIT
// The browsers' files, below whatever folder: the root folder but in tests. Internal to this module and its
// tests.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "desk_check/browser_profiles.hpp"

namespace koshin::desk_check {

/// policy_files() and programs_of() of a computer whose root folder is `root`.
std::vector<PolicyFile> policy_files(const std::filesystem::path& root);
std::vector<std::string> programs_of(Browser browser, const std::filesystem::path& root);
/// Whether Chromium or a relative is there.
bool chromium_is_installed(const std::filesystem::path& root);

}  // namespace koshin::desk_check
