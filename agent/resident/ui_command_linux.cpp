// SPDX-License-Identifier: MIT
// How koshin-ui is started on Linux. Under systemd it becomes a unit of its own: the browser it opens, and
// the modules its workers load, must not inherit the confinement of the agent's unit. A browser that was not
// running before stays in that unit and goes on when koshin-ui has ended, with whatever else is open in it;
// koshin-ui's own children end with it by themselves.
#include <unistd.h>

#include <cstdlib>

#include "foundation/system/paths.hpp"
#include "resident/ui_process.hpp"

namespace koshin::resident {
namespace {

constexpr char launcher[] = "/usr/bin/systemd-run";

/// systemd sets it to the process it started for the unit: a terminal below it inherits the variable, not the
/// number.
bool is_systemd_unit() {
  const char* self = std::getenv("SYSTEMD_EXEC_PID");
  return self != nullptr && std::to_string(getpid()) == self && access(launcher, X_OK) == 0;
}

}  // namespace

std::optional<UiCommand> ui_command(const Prompt& prompt, const std::filesystem::path& settings_file) {
  const std::filesystem::path ui = paths::program("koshin-ui");
  if (access(ui.c_str(), X_OK) != 0) return {};
  std::vector<std::string> arguments = ui_arguments(prompt, settings_file);
  if (!is_systemd_unit()) return UiCommand{ui, std::move(arguments)};
  UiCommand command{
      launcher,
      {"--user", "--pipe", "--wait", "--quiet", "--collect", "--description=koshin: certificate renewal",
       "--property=PartOf=graphical-session.target", "--property=BindsTo=koshin-agent.service",
       "--property=After=koshin-agent.service", "--property=KillMode=process", "--", ui.string()}};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return command;
}

}  // namespace koshin::resident
