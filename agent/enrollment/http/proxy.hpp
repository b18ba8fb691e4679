// SPDX-License-Identifier: MIT
// Which proxy a connection goes through: the settings, else the environment that other programs obey too.
// Internal to this module and its tests.
#pragma once

#include <string>

#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

struct ProxyChoice {
  std::string url;       ///< may hold user and password when it comes from the environment; empty: no proxy
  std::string no_proxy;  ///< hosts that are reached directly, as libcurl reads the list
  std::string host, port;
  bool http = false;        ///< it is asked by CONNECT, not by SOCKS
  bool https = false;       ///< the way to it is TLS itself
  bool holds_user = false;  ///< `url` names a user
  std::string endpoint;     ///< "host port 3128", fit for messages
  std::string setting;      ///< what names it, for messages: "proxy.url"
};

/// proxy.url, else https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY; "none" is no proxy whatever the
/// environment says. Throws FailureError{settings_invalid} for what is no proxy URL.
ProxyChoice choose_proxy(const Settings::Proxy& settings);

}  // namespace koshin::enrollment
