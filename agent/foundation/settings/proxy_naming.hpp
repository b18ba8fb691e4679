// SPDX-License-Identifier: MIT
// Who names the proxy of a bank: the settings, the environment, the desktop or a script. Asks nobody.
#pragma once

#include <string>
#include <string_view>

#include "foundation/settings/settings.hpp"

namespace koshin {

/// Before the URL of a proxy script in proxy.url.
inline constexpr std::string_view proxy_script_prefix = "pac+";

struct ProxyNaming {
  enum class By {
    settings,     ///< proxy.url, also where it says that there is none
    environment,  ///< a variable
    nobody,       ///< neither of them
    desktop,      ///< proxy.url = "system"
    script        ///< proxy.url = "pac+…"
  };
  By by = By::nobody;
  /// Of settings and environment: the proxy, which from the environment may hold user and password and have
  /// no scheme. Empty: no proxy, as the settings say.
  std::string url;
  std::string script;    ///< "https://…/proxy.pac"
  std::string variable;  ///< of the environment, the one that names `url`
  std::string no_proxy;  ///< the servers that are reached without a proxy all the same, in libcurl's syntax
  std::string no_proxy_variable;  ///< the variable that has them; empty: proxy.no_proxy
};

/// proxy.url, else https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY of this process's environment.
ProxyNaming who_names_proxy(const Settings::Proxy& settings);

/// A proxy's URL for people: with a scheme, without user, password and path. Printable.
std::string shown_proxy(const std::string& url);

}  // namespace koshin
