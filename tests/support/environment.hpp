// SPDX-License-Identifier: MIT
// This process's environment, pointed away from the machine it runs on.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace koshin::test {

/// Points XDG_STATE_HOME, XDG_RUNTIME_DIR, XDG_CONFIG_HOME and HOME of this process (and its children) into
/// `directory`, and makes the folders, private to the user.
void isolate_user(const std::filesystem::path& directory);

/// Variables of this process's environment, set until the end of the scope.
class ScopedEnvironment {
 public:
  explicit ScopedEnvironment(const std::map<std::string, std::string>& variables);
  ~ScopedEnvironment();
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

}  // namespace koshin::test
