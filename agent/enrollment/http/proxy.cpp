// SPDX-License-Identifier: MIT
// Choice of the proxies.
#include "enrollment/http/proxy.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "enrollment/http/no_proxy.hpp"
#include "enrollment/http/system_proxy.hpp"
#include "enrollment/http/url.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/settings/proxy_naming.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::array<std::string_view, 6> known_schemes{"http",    "https",  "socks4",
                                                        "socks4a", "socks5", "socks5h"};

constexpr const char* default_port = "1080";  // libcurl's, for every kind of proxy but https

/// Takes `choice.url` apart. `where`: who named it; messages do not contain the URL, which may contain a
/// password.
void read_url(ProxyChoice& choice, const std::string& where) {
  if (choice.url.find("://") == std::string::npos) choice.url.insert(0, "http://");
  const auto origin = origin_of(choice.url);
  if (!origin) fail(Reason::settings_invalid, where + ": not a URL such as http://proxy.example:3128");
  const auto is_in_a_name = [](char c) { return c > 0x20 && c < 0x7f; };
  if (!std::ranges::all_of(origin->host, is_in_a_name))
    fail(Reason::settings_invalid,
         where + ": a host is named in ASCII, one of another script in its \"xn--\" form");
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

bool asks(const ProxyNaming& naming) {
  return naming.by == ProxyNaming::By::desktop || naming.by == ProxyNaming::By::script;
}

/// One entry of an answer that does not let itself be used leaves the others in their order; where there is
/// no other, it is the failure.
std::vector<ProxyChoice> answered(const Settings::Proxy& settings, const ProxyQuestion& question) {
  const ProxyAnswer answer = ask_system_for_proxies(question);
  std::vector<ProxyChoice> choices;
  std::optional<FailureError> unusable;
  for (const std::string& url : answer.in_order) {
    ProxyChoice choice;
    choice.url = url;
    choice.source = ProxySource::answer;
    choice.answered_by = question.script.empty() ? answer.source : printable(question.script, 300);
    choice.setting = question.script.empty() ? "the proxy settings of the desktop (" + answer.source + ")"
                                             : "the proxy script " + choice.answered_by;
    try {
      if (!url.empty()) read_url(choice, choice.setting);
      choices.push_back(std::move(choice));
    } catch (const FailureError& error) {
      log::warning(log::Event::none, "A proxy of an answer cannot be used and is left out.",
                   {{"KOSHIN_DETAIL", error.failure().detail}});
      if (!unusable) unusable = error;
    }
  }
  if (choices.empty() && unusable) throw FailureError(*unusable);
  if (choices.empty()) fail(Reason::proxy_failed, settings.url + ": the answer names no way");
  return choices;
}

ProxyChoice chosen(ProxyNaming naming) {
  ProxyChoice choice;
  if (naming.url.empty()) return choice;
  const bool from_settings = naming.by == ProxyNaming::By::settings;
  choice.url = std::move(naming.url);
  choice.no_proxy = std::move(naming.no_proxy);
  choice.source = from_settings ? ProxySource::settings : ProxySource::environment;
  choice.setting = from_settings ? "proxy.url" : "https_proxy or all_proxy in the environment";
  read_url(choice,
           from_settings ? choice.setting : "the proxy of the environment (https_proxy or all_proxy)");
  return choice;
}

}  // namespace

ProxyChoice choose_proxy(const Settings::Proxy& settings) {
  return chosen(who_names_proxy(settings));
}

std::vector<ProxyChoice> proxies_for(const Settings::Proxy& settings, const std::string& url,
                                     std::chrono::milliseconds limit, const std::stop_token& stop) {
  ProxyNaming naming = who_names_proxy(settings);
  if (asks(naming)) {
    if (is_without_proxy(settings.no_proxy, url)) return {ProxyChoice{}};
    return answered(settings, {.url = url, .script = naming.script, .limit = limit, .stop = stop});
  }
  ProxyChoice choice = chosen(std::move(naming));
  if (is_without_proxy(choice.no_proxy, url)) return {ProxyChoice{}};
  return {std::move(choice)};
}

}  // namespace koshin::enrollment
