// SPDX-License-Identifier: MIT
// The ways on which a browser comes to have a PKCS#11 module: an entry of its list, a policy, or p11-kit's
// proxy module, which loads what is registered with p11-kit.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "desk_check/browser_profiles.hpp"
#include "p11_kit/registered_modules.hpp"

namespace koshin::desk_check {

/// What gives modules to browsers beside their lists.
struct ModuleSources {
  std::vector<PolicyModule> policies;
  /// What p11-kit goes by in this user's programs.
  pkcs11::RegisteredModuleFolders registered{};
};
/// `home`: of the browsers, home_of_browsers().
ModuleSources module_sources(const std::filesystem::path& home);

/// How one list comes to a library. Nothing of it: the browser does not have it.
struct ModuleWays {
  bool listed = false;
  std::string policy;                 ///< the policy's file; empty: none gives it
  std::string proxy;                  ///< p11-kit's proxy, as list or policy name it; empty: it is not there
  bool by_proxy = false;              ///< in some program of the list the proxy loads the library
  std::vector<std::string> left_out;  ///< the programs in which it does not
};
ModuleWays ways_to(const BrowserProfile& profile, std::string_view list, const std::filesystem::path& library,
                   const ModuleSources& sources);

}  // namespace koshin::desk_check
