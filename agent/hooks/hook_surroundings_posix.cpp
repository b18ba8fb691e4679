// SPDX-License-Identifier: MIT
#include "hooks/hook_surroundings.hpp"

#include <cstdlib>

#include "foundation/system/user.hpp"

namespace koshin::hooks {
namespace {

/// As this process has it; nothing when it has none.
void pass_on(Variables& variables, const char* name) {
  if (const char* const value = std::getenv(name)) variables.emplace_back(name, value);
}

}  // namespace

Variables system_variables() {
  Variables variables{{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}};
  if (const auto user = current_user()) {
    variables.emplace_back("HOME", user->home.string());
    variables.emplace_back("USER", user->name);
  } else {  // a directory service that does not answer
    for (const char* const name : {"HOME", "USER"}) pass_on(variables, name);
  }
  for (const char* const name : {"LANG", "XDG_RUNTIME_DIR"}) pass_on(variables, name);
  return variables;
}

std::filesystem::path hook_folder() {
  return "/";
}

}  // namespace koshin::hooks
