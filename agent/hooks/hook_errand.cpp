// SPDX-License-Identifier: MIT
#include "hooks/hook_errand.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "foundation/log/log.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/paths.hpp"
#include "hooks/hook_files.hpp"

namespace koshin::hooks {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t longest_line = 4096;

constexpr std::array event_words{std::pair{HookEvent::begun, std::string_view("begun ")},
                                 std::pair{HookEvent::done, std::string_view("done ")},
                                 std::pair{HookEvent::failed, std::string_view("failed ")}};

void add_once(std::vector<std::string>& names, std::string_view name) {
  if (names.size() < most_hooks && std::ranges::find(names, name) == names.end()) names.emplace_back(name);
}

HookEnds ends_from(ChildProcess& child, steady_clock::time_point until) {
  HookEnds ends;
  std::string line;
  auto read = ChildProcess::Read::line;
  while ((read = child.read_line(line, until, longest_line)) == ChildProcess::Read::line)
    take_hook_line(line, ends);
  const auto status = read == ChildProcess::Read::timeout ? std::nullopt : child.wait_until(until);
  if (!status) {
    log::warning(log::Event::hook_failed, "koshin-hooks did not end in time");
    child.kill();
  }
  ends.cut_short = !status || status->crashed;
  return ends;
}

}  // namespace

std::string hook_line(HookEvent event, std::string_view name) {
  const auto* const word = std::ranges::find(event_words, event, &decltype(event_words)::value_type::first);
  return std::string(word->second).append(name);
}

void take_hook_line(std::string_view line, HookEnds& ends) {
  for (const auto& [event, word] : event_words) {
    if (!line.starts_with(word)) continue;
    const std::string_view name = line.substr(word.size());
    if (event == HookEvent::begun) return add_once(ends.not_ended, name);
    std::erase(ends.not_ended, name);
    if (event == HookEvent::failed) add_once(ends.failed, name);
    return;
  }
}

HookCommand hook_command(const std::filesystem::path& settings_file) {
  HookCommand command{paths::program("koshin-hooks"), {}};
  if (!settings_file.empty()) command.arguments = {"--settings", settings_file.string()};
  return command;
}

HookEnds run_due_hooks(const std::filesystem::path& folder, const HookCommand& command,
                       const std::stop_token& stop) noexcept {
  try {
    if (!has_hooks(folder)) return {};
    if (stop.stop_requested()) {
      log::info(log::Event::none, "The hooks are left to the next occasion: koshin was asked to end.");
      return {.failed = {}, .not_ended = {}, .cut_short = true};
    }
    // A hook and all that it has started end with koshin-hooks, also what has left its group.
    const auto child = ChildProcess::start(command.program, command.arguments, {.whole_tree = true});
    child->close_stdin();
    const std::stop_callback stopping(stop, [&child] { child->kill(); });
    return ends_from(*child, steady_clock::now() + longest_errand);
  } catch (const std::exception& error) {
    log::warning(log::Event::hook_failed, "the hooks could not be run", {{"KOSHIN_DETAIL", error.what()}});
    return {};
  }
}

}  // namespace koshin::hooks
