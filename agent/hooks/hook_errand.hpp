// SPDX-License-Identifier: MIT
// Starting koshin-hooks: the one way for command line, page and agent.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
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

/// run_due_hooks() waits no longer than this: the two limits, the start of koshin-hooks, and the end of what
/// its last hook has started. docs/json.md names the sum.
inline constexpr std::chrono::seconds longest_errand = longest_run + longest_hook + std::chrono::seconds{20};

/// How the hooks of one koshin-hooks have ended; names, each once.
struct HookEnds {
  std::vector<std::string> failed;
  std::vector<std::string> not_ended;  ///< begun, and cut off with koshin-hooks before they had ended
  /// koshin-hooks was not begun, or was ended, before it had run all that were due: the next occasion runs
  /// the rest.
  bool cut_short = false;
};

/// Runs the hooks that are due (due_hooks.hpp) and waits for their end, or until a stop is requested, which
/// ends them; after one that came before, none is begun. Does nothing when the folder has no hooks. Throws
/// nothing: what goes wrong is in the log, and the next run catches up.
HookEnds run_due_hooks(const std::filesystem::path& folder, const HookCommand& command,
                       const std::stop_token& stop) noexcept;

/// A line that koshin-hooks writes when a hook begins and when it has ended, without its newline.
enum class HookEvent { begun, done, failed };
std::string hook_line(HookEvent event, std::string_view name);
/// Takes such a line into `ends`; anything else is passed over.
void take_hook_line(std::string_view line, HookEnds& ends);

}  // namespace koshin::hooks
