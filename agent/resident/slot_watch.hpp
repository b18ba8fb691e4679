// SPDX-License-Identifier: MIT
// Modules without a reader of PC/SC (a network HSM, a software token) that can tell by themselves when a
// token comes or goes: one koshin-slot-watch for each, only where the settings ask for rescans at all.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "resident/tasks.hpp"

namespace koshin::resident {

class SlotWatches {
 public:
  /// `changed` is called in the main thread with the module's configured name.
  SlotWatches(Tasks::Post post, std::filesystem::path settings_file,
              std::function<void(const std::string&)> changed);

  /// Ends those there are and starts one for each of `modules`.
  void watch(const std::vector<std::string>& modules);

 private:
  void follow(const std::string& module, const std::stop_token& stop) const;

  Tasks::Post post_;
  std::filesystem::path settings_file_;
  std::function<void(const std::string&)> changed_;
  std::unique_ptr<Tasks> tasks_;
};

}  // namespace koshin::resident
