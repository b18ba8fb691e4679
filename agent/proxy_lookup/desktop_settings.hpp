// SPDX-License-Identifier: MIT
// The proxy settings of the desktop.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace koshin::proxy_lookup {

struct DesktopAnswer {
  std::string source;   ///< who has answered: "xdg-desktop-portal", "libproxy"
  std::string proxies;  ///< URLs separated by semicolons: "http://a:3128;direct://"
};

/// Asks org.freedesktop.portal.ProxyResolver on the session bus. Empty where there is no bus, no portal, or
/// one that does not know this interface, and on a system whose bus koshin does not know. Throws
/// FailureError{proxy_failed} where it does not answer in time, or answers with an error: the desktop's proxy
/// script was not to be had, for example.
std::optional<DesktopAnswer> ask_portal(const std::string& url, std::chrono::milliseconds limit);

/// Asks libproxy, which reads the settings of GNOME, KDE and NetworkManager by its plugins, and the
/// environment. It answers "direct://" where it knows of no settings, and where a script cannot be had. How
/// long it takes is bounded by the caller alone. Throws FailureError{proxy_unusable} where it does not start.
DesktopAnswer ask_libproxy(const std::string& url);

}  // namespace koshin::proxy_lookup
