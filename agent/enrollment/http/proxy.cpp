// SPDX-License-Identifier: MIT
// Choice of the proxy. libcurl matches no_proxy.
#include "enrollment/http/proxy.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

#include "enrollment/http/url.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::array<std::string_view, 6> known_schemes{"http",    "https",  "socks4",
                                                        "socks4a", "socks5", "socks5h"};

constexpr const char* default_port = "1080";  // libcurl's, for every kind of proxy but https

std::string first_of_environment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  }
  return {};
}

}  // namespace

ProxyChoice choose_proxy(const Settings::Proxy& settings) {
  ProxyChoice choice;
  if (settings.url == "none") return choice;
  const bool from_settings = !settings.url.empty();
  choice.url = from_settings ? settings.url
                             : first_of_environment({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  if (choice.url.empty()) return choice;
  choice.no_proxy = settings.no_proxy;
  if (!from_settings && choice.no_proxy.empty())
    choice.no_proxy = first_of_environment({"no_proxy", "NO_PROXY"});

  // Messages do not contain the URL: it may contain a password.
  choice.setting = from_settings ? "proxy.url" : "https_proxy or all_proxy in the environment";
  const std::string where =
      from_settings ? choice.setting : "the proxy of the environment (https_proxy or all_proxy)";
  if (choice.url.find("://") == std::string::npos) choice.url.insert(0, "http://");
  const auto origin = origin_of(choice.url);
  if (!origin) fail(Reason::settings_invalid, where + ": not a URL such as http://proxy.example:3128");
  if (std::ranges::find(known_schemes, origin->scheme) == known_schemes.end()) {
    fail(Reason::settings_invalid,
         where + ": proxies are reached by http, https, socks4, socks4a, socks5 or socks5h, not by " +
             origin->scheme);
  }
  choice.host = origin->host;
  choice.https = origin->scheme == "https";
  choice.http = choice.https || origin->scheme == "http";
  choice.holds_user = holds_user(choice.url);
  choice.port = origin->port.empty() ? default_port : origin->port;
  choice.endpoint = choice.host + " port " + choice.port;
  return choice;
}

}  // namespace koshin::enrollment
