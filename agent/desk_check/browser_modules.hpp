// SPDX-License-Identifier: MIT
// The ways on which a browser comes to have a PKCS#11 module: an entry of its list, a policy, or p11-kit's
// proxy module, which loads what is registered with p11-kit.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "desk_check/browser_profiles.hpp"

namespace koshin::desk_check {

/// What gives modules to browsers beside their lists.
struct ModuleSources {
  std::vector<PolicyModule> policies;
  /// The folders of *.module files that p11-kit reads in this user's programs, highest precedence first.
  std::vector<std::filesystem::path> registered{};
};
/// `home`: of the browsers, home_of_browsers().
ModuleSources module_sources(const std::filesystem::path& home);

/// How one list comes to a library. Nothing of it: the browser does not have it.
struct ModuleWays {
  bool listed = false;
  std::string policy;  ///< the policy's file; empty: none gives it
  std::string proxy;   ///< p11-kit's proxy, as list or policy name it; empty: it is not there
  /// The programs of the list in which the proxy loads the library, and those in which it does not.
  std::vector<std::string> proxied, left_out;

  bool by_proxy() const { return !proxied.empty(); }
};
ModuleWays ways_to(const BrowserProfile& profile, std::string_view list, const std::filesystem::path& library,
                   const ModuleSources& sources);

}  // namespace koshin::desk_check
