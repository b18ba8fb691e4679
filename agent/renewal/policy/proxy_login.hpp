// SPDX-License-Identifier: MIT
// Whether a person is asked who is there for a proxy that wants to know it. Command line and page use this
// and nothing else.
#pragma once

#include "foundation/settings/settings.hpp"

namespace koshin::renewal {

/// How often a person is asked at most, in one command or on one page: a directory may lock an account after
/// some wrong passwords.
inline constexpr int most_proxy_logins = 2;

/// `before`: how often that was in this command or on this page. A proxy that takes a ticket alone
/// (proxy.authentication) is no question for a person.
inline bool may_ask_proxy_login(const Settings::Proxy& proxy, int before) {
  return before < most_proxy_logins && proxy.authentication != ProxyAuthentication::negotiate;
}

}  // namespace koshin::renewal
