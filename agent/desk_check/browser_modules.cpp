// SPDX-License-Identifier: MIT
#include "desk_check/browser_modules.hpp"

#include <algorithm>

#include "desk_check/module_list.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/system/user.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

/// The proxy as the list names it, else as a policy of Firefox does.
std::string proxy_of(std::string_view list, const std::vector<PolicyModule>& policies) {
  for (const ListedModule& listed : listed_modules(list))
    if (pkcs11::is_p11_kit_proxy(path_of(listed.library))) return listed.library;
  for (const PolicyModule& given : policies)
    if (pkcs11::is_p11_kit_proxy(given.library)) return given.library.string();
  return {};
}

bool is_loaded(const std::vector<pkcs11::RegisteredModule>& modules, const fs::path& library) {
  return std::ranges::any_of(
      modules, [&](const pkcs11::RegisteredModule& module) { return is_same_library(module.path, library); });
}

}  // namespace

ModuleSources module_sources(const fs::path& home) {
  return {policy_modules(), pkcs11::folders_of_user(pkcs11::p11_kit_places(home, is_administrator()))};
}

ModuleWays ways_to(const BrowserProfile& profile, std::string_view list, const fs::path& library,
                   const ModuleSources& sources) {
  const auto policies = profile.browser == Browser::firefox ? sources.policies : std::vector<PolicyModule>{};
  ModuleWays ways;
  ways.listed = list_shows(list, library);
  for (const PolicyModule& given : policies)
    if (is_same_library(given.library, library)) ways.policy = given.policy.string();
  ways.proxy = proxy_of(list, policies);
  if (ways.proxy.empty()) return ways;
  for (const std::string& program : programs_of(profile.browser)) {
    if (is_loaded(pkcs11::modules_of_proxy(sources.registered, program), library))
      ways.by_proxy = true;
    else
      ways.left_out.push_back(program);
  }
  return ways;
}

}  // namespace koshin::desk_check
