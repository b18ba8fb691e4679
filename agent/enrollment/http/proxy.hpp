// SPDX-License-Identifier: MIT
// The proxy of a connection, from the settings, else from the usual environment variables. Internal to this
// module and its tests.
#pragma once

#include <string>

#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

struct ProxyChoice {
  std::string url;       ///< may contain user and password when from the environment; empty: no proxy
  std::string no_proxy;  ///< hosts to reach directly, in libcurl's syntax
  std::string host, port;
  bool http = false;        ///< an HTTP proxy (CONNECT), not SOCKS
  bool https = false;       ///< the connection to the proxy is TLS
  bool holds_user = false;  ///< `url` names a user
  std::string endpoint;     ///< "host port 3128", for messages
  std::string setting;      ///< origin of the choice, for messages: "proxy.url"
};

/// proxy.url, else https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY; "none" means no proxy whatever the
/// environment says. Throws FailureError{settings_invalid} for an invalid proxy URL.
ProxyChoice choose_proxy(const Settings::Proxy& settings);

}  // namespace koshin::enrollment
