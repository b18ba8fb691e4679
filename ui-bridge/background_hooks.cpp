// SPDX-License-Identifier: MIT
#include "background_hooks.hpp"

#include <chrono>
#include <system_error>

#include "foundation/log/log.hpp"
#include "hooks/hook_errand.hpp"
#include "hooks/hook_files.hpp"

namespace koshin::ui {

BackgroundHooks::~BackgroundHooks() {
  constexpr std::chrono::seconds time_to_start{5};
  const auto until = std::chrono::steady_clock::now() + hooks::longest_hook + time_to_start;
  for (const auto& one : running_)
    if (one.wait_until(until) != std::future_status::ready) stop_.request_stop();
}

void BackgroundHooks::run(const std::filesystem::path& folder, const std::string& settings_file) {
  if (!hooks::has_hooks(folder)) return;
  try {
    running_.push_back(std::async(std::launch::async, [folder, settings_file, stop = stop_.get_token()] {
      (void)hooks::run_due_hooks(folder, hooks::hook_command(settings_file), stop);
    }));
  } catch (const std::system_error& error) {  // no thread available: the next occasion tries again
    log::warning(log::Event::hook_failed, "the hooks could not be run", {{"KOSHIN_DETAIL", error.what()}});
  }
}

}  // namespace koshin::ui
