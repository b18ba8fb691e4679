// SPDX-License-Identifier: MIT
// The proxy between this computer and a server, and a test of its connection, for diagnosis.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

struct ProxyInUse {
  std::string host, port;  ///< without user and password
  bool of_environment = false;
  /// A password may be sent in clear: Basic to an http:// proxy, or to SOCKS5.
  bool password_in_clear = false;
  std::string endpoint() const;  ///< "proxy.example:3128"
};

/// The proxy of a connection to `url`, with no_proxy as libcurl reads it; empty: none. Opens no connection.
/// Throws FailureError{settings_invalid} for an invalid proxy URL.
std::optional<ProxyInUse> proxy_in_use(const Settings::Proxy& settings, const std::string& url);

/// Opens and closes a TCP connection to the proxy. Throws FailureError{proxy_unusable} where the address is
/// wrong, {proxy_failed} or {interrupted}.
void reach_proxy(const ProxyInUse& proxy, std::chrono::milliseconds timeout, const std::stop_token& stop);

}  // namespace koshin::enrollment
