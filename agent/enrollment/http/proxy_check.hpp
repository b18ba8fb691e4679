// SPDX-License-Identifier: MIT
// The proxy between this computer and a server, and a test of its connection, for diagnosis.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "enrollment/http/credential.hpp"
#include "enrollment/http/proxy.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

struct ProxyInUse {
  std::string host, port;  ///< without user and password; empty: the direct way
  ProxySource source = ProxySource::settings;
  std::string answered_by;  ///< as ProxyChoice
  /// A password may be sent in clear: Basic to an http:// proxy, or to SOCKS5.
  bool password_in_clear = false;
  bool is_direct() const { return host.empty(); }
  std::string endpoint() const;  ///< "proxy.example:3128"
};

/// The ways to `url` in the order in which they are tried, as proxies_for() has them. Connects to none of
/// them. `typed`: whom a person has named to some of them; null: nobody was asked.
std::vector<ProxyInUse> proxies_in_use(const Settings::Proxy& settings, const std::string& url,
                                       std::chrono::milliseconds limit, const std::stop_token& stop,
                                       const ProxyCredential* typed = nullptr);

/// Opens and closes a TCP connection to the proxy. Throws FailureError{proxy_unusable} where the address is
/// wrong, {proxy_failed} or {interrupted}.
void reach_proxy(const ProxyInUse& proxy, std::chrono::milliseconds timeout, const std::stop_token& stop);

}  // namespace koshin::enrollment
