// SPDX-License-Identifier: MIT
#include "foundation/settings/proxy_naming.hpp"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>

#include "foundation/base/text.hpp"

namespace koshin {

namespace {

struct Variable {
  std::string name, value;
};

Variable first_of_environment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return {name, value};
  }
  return {};
}

}  // namespace

ProxyNaming who_names_proxy(const Settings::Proxy& settings) {
  ProxyNaming naming;
  if (settings.url == "none") {
    naming.by = ProxyNaming::By::settings;
    return naming;
  }
  naming.no_proxy = settings.no_proxy;
  if (settings.url == "system") {
    naming.by = ProxyNaming::By::desktop;
  } else if (settings.url.starts_with(proxy_script_prefix)) {
    naming.by = ProxyNaming::By::script;
    naming.script = settings.url.substr(proxy_script_prefix.size());
  } else if (!settings.url.empty()) {
    naming.by = ProxyNaming::By::settings;
    naming.url = settings.url;
  } else {
    Variable named = first_of_environment({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    if (named.value.empty()) return {};
    naming.by = ProxyNaming::By::environment;
    naming.url = std::move(named.value);
    naming.variable = std::move(named.name);
    if (!naming.no_proxy.empty()) return naming;
    Variable excluded = first_of_environment({"no_proxy", "NO_PROXY"});
    naming.no_proxy = std::move(excluded.value);
    naming.no_proxy_variable = std::move(excluded.name);
  }
  return naming;
}

std::string shown_proxy(const std::string& url) {
  constexpr std::string_view separator = "://";
  const auto found = url.find(separator);
  const std::string scheme = found == std::string::npos ? "http" : url.substr(0, found);
  std::string rest = found == std::string::npos ? url : url.substr(found + separator.size());
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  // A password with such a character in it, which stands in no URL so: where its user and host begin is not
  // known.
  if (rest.find('@', end) != std::string::npos) return printable(scheme + std::string(separator) + "…", 100);
  rest.resize(end);
  if (const auto at = rest.rfind('@'); at != std::string::npos) rest.erase(0, at + 1);
  constexpr std::size_t longest = 300;
  return printable(scheme + std::string(separator) + rest, longest);
}

}  // namespace koshin
