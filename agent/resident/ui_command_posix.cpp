// SPDX-License-Identifier: MIT
// How koshin-ui is started, as the agent's child. Under systemd it becomes a unit of its own: the browser it
// opens, and the modules its workers load, must not inherit the confinement of the agent's unit. A browser
// that was not running before stays in that unit and goes on when koshin-ui has ended, with whatever else is
// open in it; koshin-ui's own children end with it by themselves.
#include <unistd.h>

#include "foundation/system/paths.hpp"
#include "resident/outside_unit.hpp"
#include "resident/ui_process.hpp"

namespace koshin::resident {

std::optional<UiCommand> ui_command(const Prompt& prompt, const std::filesystem::path& settings_file) {
  const std::filesystem::path ui = paths::program("koshin-ui");
  if (access(ui.c_str(), X_OK) != 0) return {};
  std::vector<std::string> arguments = ui_arguments(prompt, settings_file);
  auto words =
      outside_unit("koshin: certificate renewal", {"PartOf=graphical-session.target", "KillMode=process"});
  if (words.empty()) return UiCommand{ui, std::move(arguments)};
  words.push_back(ui.string());
  words.insert(words.end(), arguments.begin(), arguments.end());
  return UiCommand{words.front(), {words.begin() + 1, words.end()}};
}

}  // namespace koshin::resident
