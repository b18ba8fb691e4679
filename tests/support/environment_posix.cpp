// SPDX-License-Identifier: MIT
// setenv.
#include <cstdlib>

#include "support/environment.hpp"

namespace koshin::test {

void isolate_user(const std::filesystem::path& directory) {
  const auto point = [&](const char* variable, const char* folder) {
    const auto path = directory / folder;
    std::filesystem::create_directories(path);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    ::setenv(variable, path.c_str(), 1);
  };
  point("HOME", "home");
  point("XDG_STATE_HOME", "state");
  point("XDG_RUNTIME_DIR", "runtime");
  point("XDG_CONFIG_HOME", "config");
}

ScopedEnvironment::ScopedEnvironment(const std::map<std::string, std::string>& variables) {
  for (const auto& [name, value] : variables) {
    const char* before = ::getenv(name.c_str());
    before_.emplace_back(name, before == nullptr ? std::nullopt : std::optional<std::string>(before));
    ::setenv(name.c_str(), value.c_str(), 1);
  }
}

ScopedEnvironment::~ScopedEnvironment() {
  for (const auto& [name, value] : before_) {
    if (value) {
      ::setenv(name.c_str(), value->c_str(), 1);
    } else {
      ::unsetenv(name.c_str());
    }
  }
}

}  // namespace koshin::test
