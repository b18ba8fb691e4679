// SPDX-License-Identifier: MIT
#include "background_hooks.hpp"

#include <chrono>
#include <system_error>

#include "foundation/log/log.hpp"
#include "hooks/hook_files.hpp"

namespace koshin::ui {

BackgroundHooks::~BackgroundHooks() {
  // Nothing hears a signal or the agent any more. Most hooks have ended by now: the person has read the page.
  constexpr std::chrono::seconds patience{2};
  const auto until = std::chrono::steady_clock::now() + patience;
  for (const auto& one : running_)
    if (one.wait_until(until) != std::future_status::ready) stop();
}

void BackgroundHooks::stop() {
  stop_.request_stop();
}

void BackgroundHooks::run(const std::filesystem::path& folder, const hooks::HookCommand& command,
                          Failed failed) {
  if (!hooks::has_hooks(folder)) return;
  try {
    running_.push_back(std::async(std::launch::async,
                                  [folder, command, failed = std::move(failed), stop = stop_.get_token()] {
                                    const auto names = hooks::run_due_hooks(folder, command, stop).failed;
                                    // One that was ended with the page has not failed by its own doing.
                                    if (!names.empty() && !stop.stop_requested()) failed(names);
                                  }));
  } catch (const std::system_error& error) {  // no thread available: the next occasion tries again
    log::warning(log::Event::hook_failed, "the hooks could not be run", {{"KOSHIN_DETAIL", error.what()}});
  }
}

}  // namespace koshin::ui
