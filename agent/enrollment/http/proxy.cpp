// SPDX-License-Identifier: MIT
// Choice of the proxies.
#include "enrollment/http/proxy.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

#include "enrollment/http/no_proxy.hpp"
#include "enrollment/http/system_proxy.hpp"
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

constexpr std::string_view system_word = "system", script_prefix = "pac+";

/// Takes `choice.url` apart. `where`: who named it; messages do not contain the URL, which may contain a
/// password.
void read_url(ProxyChoice& choice, const std::string& where) {
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
  choice.address = Origin{origin->scheme, choice.host, choice.port}.to_string();
}

std::vector<ProxyChoice> answered(const Settings::Proxy& settings, const ProxyQuestion& question) {
  const ProxyAnswer answer = ask_system_for_proxies(question);
  std::vector<ProxyChoice> choices;
  for (const std::string& url : answer.in_order) {
    ProxyChoice choice;
    choice.url = url;
    choice.source = ProxySource::answer;
    choice.answered_by = question.script.empty() ? answer.source : printable(question.script, 300);
    choice.setting = question.script.empty() ? "the proxy settings of the desktop (" + answer.source + ")"
                                             : "the proxy script " + choice.answered_by;
    if (!url.empty()) read_url(choice, choice.setting);
    choices.push_back(std::move(choice));
  }
  if (choices.empty()) fail(Reason::proxy_failed, settings.url + ": the answer names no way");
  return choices;
}

}  // namespace

bool asks_for_proxies(const Settings::Proxy& settings) {
  return settings.url == system_word || settings.url.starts_with(script_prefix);
}

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
  choice.source = from_settings ? ProxySource::settings : ProxySource::environment;
  choice.setting = from_settings ? "proxy.url" : "https_proxy or all_proxy in the environment";
  read_url(choice,
           from_settings ? choice.setting : "the proxy of the environment (https_proxy or all_proxy)");
  return choice;
}

std::vector<ProxyChoice> proxies_for(const Settings::Proxy& settings, const std::string& url,
                                     std::chrono::milliseconds limit, const std::stop_token& stop) {
  if (asks_for_proxies(settings)) {
    if (is_without_proxy(settings.no_proxy, url)) return {ProxyChoice{}};
    ProxyQuestion question{.url = url, .script = {}, .limit = limit, .stop = stop};
    if (settings.url != system_word) question.script = settings.url.substr(script_prefix.size());
    return answered(settings, question);
  }
  ProxyChoice choice = choose_proxy(settings);
  if (is_without_proxy(choice.no_proxy, url)) return {ProxyChoice{}};
  return {std::move(choice)};
}

}  // namespace koshin::enrollment
