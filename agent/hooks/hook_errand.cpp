// SPDX-License-Identifier: MIT
#include "hooks/hook_errand.hpp"

#include "foundation/log/log.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/paths.hpp"
#include "hooks/hook_files.hpp"

namespace koshin::hooks {
namespace {

using std::chrono::steady_clock;

/// For the start of koshin-hooks, and for the end of what its last hook has started.
constexpr std::chrono::seconds time_beside_hooks{20};
constexpr std::size_t longest_line = 4096;

/// koshin-hooks writes one name in each line.
std::vector<std::string> names_from(ChildProcess& child, steady_clock::time_point until) {
  std::vector<std::string> names;
  std::string line;
  auto read = ChildProcess::Read::line;
  while ((read = child.read_line(line, until, longest_line)) == ChildProcess::Read::line)
    if (names.size() < most_hooks) names.push_back(line);
  if (read == ChildProcess::Read::timeout || !child.wait_until(until)) {
    log::warning(log::Event::hook_failed, "koshin-hooks did not end in time");
    child.kill();
  }
  return names;
}

}  // namespace

HookCommand hook_command(const std::filesystem::path& settings_file) {
  HookCommand command{paths::program("koshin-hooks"), {}};
  if (!settings_file.empty()) command.arguments = {"--settings", settings_file.string()};
  return command;
}

std::vector<std::string> run_due_hooks(const std::filesystem::path& folder, const HookCommand& command,
                                       const std::stop_token& stop) noexcept {
  try {
    if (!has_hooks(folder) || stop.stop_requested()) return {};
    // A hook and all that it has started end with koshin-hooks, also what has left its group.
    const auto child = ChildProcess::start(command.program, command.arguments, {.whole_tree = true});
    child->close_stdin();
    const std::stop_callback stopping(stop, [&child] { child->kill(); });
    return names_from(*child, steady_clock::now() + longest_run + longest_hook + time_beside_hooks);
  } catch (const std::exception& error) {
    log::warning(log::Event::hook_failed, "the hooks could not be run", {{"KOSHIN_DETAIL", error.what()}});
    return {};
  }
}

}  // namespace koshin::hooks
