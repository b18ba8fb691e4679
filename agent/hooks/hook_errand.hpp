// SPDX-License-Identifier: MIT
// Starting koshin-hooks: the one way for command line, page and agent.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace koshin::hooks {

/// koshin-hooks begins no further hook after this long, waiting for another koshin-hooks included.
inline constexpr std::chrono::minutes longest_run{5};
/// A hook is ended after this long.
inline constexpr std::chrono::seconds longest_hook{60};

struct HookCommand {
  std::filesystem::path program;
  std::vector<std::string> arguments;
};
/// `settings_file`: as the caller was told; may be empty.
HookCommand hook_command(const std::filesystem::path& settings_file);

/// Runs the hooks that are due (due_hooks.hpp) and waits for their end, or until a stop is requested, which
/// ends them. Returns the names of those that failed. Does nothing when the folder has no hooks. Throws
/// nothing: what goes wrong is in the log, and the next run catches up.
std::vector<std::string> run_due_hooks(const std::filesystem::path& folder, const HookCommand& command,
                                       const std::stop_token& stop) noexcept;

}  // namespace koshin::hooks
