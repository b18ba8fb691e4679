// SPDX-License-Identifier: MIT
// What browser_profiles() and policy_modules() of every system are made of. Part of them.
#pragma once

#include <filesystem>
#include <vector>

#include "desk_check/browser_profiles.hpp"

namespace koshin::desk_check {

/// The folders below this one that are Firefox's profiles. `confined`: a snap's or a flatpak's.
void add_profiles_of_firefox(const std::filesystem::path& folder, bool confined,
                             std::vector<BrowserProfile>& profiles);
/// Of Firefox's files among policy_files(): {"policies": {"SecurityDevices": {"Add": {NAME: LIBRARY}}}}, or
/// without "Add" in older releases.
void add_modules_of_policies(std::vector<PolicyModule>& modules);

}  // namespace koshin::desk_check
