// SPDX-License-Identifier: MIT
// The proxies of a connection, from the settings, the usual environment variables, or whoever the settings
// say is to be asked. Internal to this module and its tests.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

/// Who has named a proxy.
enum class ProxySource { settings, environment, answer };

/// One way to a server.
struct ProxyChoice {
  std::string url;       ///< may contain user and password when from the environment; empty: no proxy
  std::string no_proxy;  ///< hosts to reach directly, in libcurl's syntax
  std::string host, port;
  bool http = false;        ///< an HTTP proxy (CONNECT), not SOCKS
  bool https = false;       ///< the connection to the proxy is TLS
  bool holds_user = false;  ///< `url` names a user
  std::string endpoint;     ///< "host port 3128", for messages; empty: no proxy
  std::string address;      ///< "http://host:3128", without a user; empty: no proxy
  std::string setting;      ///< origin of the choice, for messages: "proxy.url"
  ProxySource source = ProxySource::settings;
  std::string answered_by;  ///< of ProxySource::answer: "xdg-desktop-portal", or the script's URL
};

/// proxy.url, else https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY; "none" means no proxy whatever the
/// environment says. Not for settings that have somebody asked. Throws FailureError{settings_invalid} for an
/// invalid proxy URL.
ProxyChoice choose_proxy(const Settings::Proxy& settings);

/// The ways to `url` in the order in which they are to be tried, at least one; a server that no_proxy
/// excludes has the direct one alone. Asks the desktop or runs the script where the settings say so, for
/// `limit` at most. Throws as choose_proxy() and ask_system_for_proxies().
std::vector<ProxyChoice> proxies_for(const Settings::Proxy& settings, const std::string& url,
                                     std::chrono::milliseconds limit, const std::stop_token& stop);

}  // namespace koshin::enrollment
