// SPDX-License-Identifier: MIT
// Whether Chromium, or a relative, runs for this user, by its own word. Internal to this module and its
// tests.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace koshin::desk_check {

/// Each keeps a link SingletonLock to "HOST-PROCESS" in its folder below `settings` (~/.config) as long as it
/// runs. Says which process it is; empty where none runs: a link that a crash has left counts for nothing.
std::optional<std::string> running_chromium(const std::filesystem::path& settings);

}  // namespace koshin::desk_check
