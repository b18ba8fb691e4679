// SPDX-License-Identifier: MIT
// Which proxy stands between here and a server, and whether it is there: for those who look for trouble.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

struct ProxyInUse {
  std::string host, port;  ///< never its user or password
  bool of_environment = false;
  /// A password is at hand that may go over the network in clear: Basic to an http:// proxy, or to SOCKS5.
  bool password_in_clear = false;
  std::string endpoint() const;  ///< "proxy.example:3128"
};

/// The proxy that a connection to `url` goes through, with no_proxy as libcurl reads it; empty: none. Opens
/// no connection. Throws FailureError{settings_invalid} for what is no proxy.
std::optional<ProxyInUse> proxy_in_use(const Settings::Proxy& settings, const std::string& url);

/// Opens a TCP connection to it and closes it. Throws FailureError{proxy_unusable} where the address is
/// wrong, {proxy_failed} or {interrupted}.
void reach_proxy(const ProxyInUse& proxy, std::chrono::milliseconds timeout, const std::stop_token& stop);

}  // namespace koshin::enrollment
