// SPDX-License-Identifier: MIT
// The administrator's programs after a renewal, while the page goes on.
#pragma once

#include <filesystem>
#include <functional>
#include <future>
#include <list>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "hooks/hook_errand.hpp"

namespace koshin::ui {

class BackgroundHooks {
 public:
  BackgroundHooks() = default;
  /// Gives hooks that run two seconds, then ends them; the next occasion tries again (the try counts).
  ~BackgroundHooks();
  BackgroundHooks(const BackgroundHooks&) = delete;
  BackgroundHooks& operator=(const BackgroundHooks&) = delete;

  /// Called in a thread of its own with the names of those that failed; not called where none did.
  using Failed = std::function<void(const std::vector<std::string>&)>;
  /// Runs the hooks that are due. After each certificate of a sitting: koshin-hooks itself waits for another.
  void run(const std::filesystem::path& folder, const hooks::HookCommand& command, Failed failed);
  /// Ends hooks that run at once, and begins no other.
  void stop();

 private:
  std::stop_source stop_;
  std::list<std::future<void>> running_;
};

}  // namespace koshin::ui
