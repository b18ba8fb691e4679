// SPDX-License-Identifier: MIT
// How koshin-ui is started on Windows: as the agent's child. It hands the browser to the desktop
// (browser_windows.cpp), which neither inherits nor outlives anything of the agent's.
#include "foundation/system/paths.hpp"
#include "resident/ui_process.hpp"

namespace koshin::resident {

std::optional<UiCommand> ui_command(const Prompt& prompt, const std::filesystem::path& settings_file) {
  const std::filesystem::path ui = paths::program("koshin-ui");
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(ui, ignored)) return {};
  return UiCommand{ui, ui_arguments(prompt, settings_file)};
}

}  // namespace koshin::resident
