// SPDX-License-Identifier: MIT
// Who has a browser's database open, by whatever folder of processes: /proc but in tests. Internal to this
// module and its tests.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "desk_check/browser_profiles.hpp"

namespace koshin::desk_check {

/// user_of_profile() of a computer whose processes are shown in `processes`.
std::optional<std::string> user_of_profile(const BrowserProfile& profile,
                                           const std::filesystem::path& processes);

}  // namespace koshin::desk_check
