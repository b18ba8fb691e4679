// SPDX-License-Identifier: MIT
// What the desktop's settings, or a proxy script (PAC), say about the way to a server. Each system has its
// own part behind this. Internal to this module and its tests.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

namespace koshin::enrollment {

struct ProxyQuestion {
  std::string url;     ///< of the server, https://…; without a user and password
  std::string script;  ///< URL of a proxy script (http, https, file) that is asked in place of the settings
  /// For everything together: asking the desktop, fetching the script, running it.
  std::chrono::milliseconds limit{10'000};
  std::stop_token stop;  ///< ends the wait: FailureError{interrupted}
};

struct ProxyAnswer {
  /// To be tried in this order, as libcurl's CURLOPT_PROXY takes them: "http://host:port",
  /// "https://host:port", "socks4://…", "socks5h://…"; "" is the direct way. At least one, at most
  /// `most_proxies`, each once.
  std::vector<std::string> in_order;
  std::string source;  ///< who has answered, a name of its own: "xdg-desktop-portal", "libproxy", "WinHTTP"
};

inline constexpr std::size_t most_proxies = 8;

/// Asks. Throws FailureError{proxy_failed} where no answer came in time or the script was not to be had or
/// did not run (which may pass), {proxy_unusable} where this computer has nobody to ask, or {interrupted}.
/// Nothing of the script runs in this process: a script comes from the network.
ProxyAnswer ask_system_for_proxies(const ProxyQuestion& question);

/// The proxies of an answer as URLs of ProxyAnswer::in_order. `answer`: entries separated by semicolons, each
/// in a script's words ("PROXY host:port", "HTTP …", "HTTPS …", "SOCKS …", "SOCKS4 …", "SOCKS5 …", "DIRECT"),
/// a URL ("http://…", "socks://…", "direct://"), or "host:port". An entry that libcurl cannot use is left
/// out; one that is there twice counts once. Empty: nothing can be used.
std::vector<std::string> proxies_of_answer(const std::string& answer);

}  // namespace koshin::enrollment
