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

}  // namespace koshin::test
