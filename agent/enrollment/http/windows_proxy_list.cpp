// SPDX-License-Identifier: MIT
#include "enrollment/http/windows_proxy_list.hpp"

#include <algorithm>
#include <vector>

#include "enrollment/http/ascii.hpp"

namespace koshin::enrollment {
namespace {

std::vector<std::string_view> entries_of(std::string_view list) {
  constexpr std::string_view separators = "; \t\r\n";
  std::vector<std::string_view> entries;
  while (true) {
    const auto from = list.find_first_not_of(separators);
    if (from == std::string_view::npos) return entries;
    list.remove_prefix(from);
    entries.push_back(list.substr(0, list.find_first_of(separators)));
    list.remove_prefix(entries.back().size());
  }
}

bool has_port(std::string_view place) {
  const auto colon = place.rfind(':');
  return colon != std::string_view::npos && place.find(']', colon) == std::string_view::npos &&
         colon + 1 < place.size();
}

/// "b:8443", or a URL of the proxy, in a script's words. Windows takes port 80 where none is named.
std::string in_script_words(std::string_view place, std::string word) {
  const auto end = place.find("://");
  if (end != std::string_view::npos) {
    const std::string scheme = lower_ascii(place.substr(0, end));
    if (scheme == "https") word = "HTTPS";
    if (scheme.starts_with("socks")) word = "SOCKS";
    place.remove_prefix(end + 3);
  }
  while (place.ends_with('/')) place.remove_suffix(1);
  if (place.empty()) return {};
  const char* const port = word == "SOCKS" ? ":1080" : ":80";
  return word + ' ' + std::string(place) + (has_port(place) ? "" : port);
}

/// `pattern`: any number of characters for each '*'.
bool fits(std::string_view pattern, std::string_view text) {
  // The latest asterisk, and where in the text what follows it was tried last.
  auto star = std::string_view::npos;
  std::size_t tried = 0, at = 0, of = 0;
  while (of < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      tried = of;
    } else if (at < pattern.size() && pattern[at] == text[of]) {
      ++at;
      ++of;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      of = ++tried;
    } else {
      return false;
    }
  }
  return std::ranges::all_of(pattern.substr(at), [](char left) { return left == '*'; });
}

bool is_address(const std::string& host) {
  return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

bool is_this_computer(const std::string& host) {
  return host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
         (host.starts_with("127.") && is_address(host));
}

bool excludes(std::string_view exception, const std::string& host, const std::string& port) {
  std::string pattern = lower_ascii(exception);
  if (pattern == "<local>") return host.find('.') == std::string::npos && !is_address(host);
  if (const auto scheme = pattern.find("://"); scheme != std::string::npos) {
    if (pattern.substr(0, scheme) != "https") return false;
    pattern.erase(0, scheme + 3);
  }
  const bool bare_ipv6 = std::ranges::count(pattern, ':') > 1 && !pattern.starts_with('[');
  if (!bare_ipv6 && has_port(pattern)) {
    const auto colon = pattern.rfind(':');
    if (pattern.substr(colon + 1) != port) return false;
    pattern.erase(colon);
  }
  if (pattern.starts_with('[') && pattern.ends_with(']')) pattern = pattern.substr(1, pattern.size() - 2);
  if (pattern.starts_with('.')) pattern.insert(0, "*");
  return !pattern.empty() && fits(pattern, host);
}

}  // namespace

std::string proxies_for_https(std::string_view list) {
  std::string of_https, of_all, of_socks;
  for (std::string_view entry : entries_of(list)) {
    const auto equals = entry.find('=');
    const std::string protocol =
        equals == std::string_view::npos ? std::string() : lower_ascii(entry.substr(0, equals));
    if (equals != std::string_view::npos) entry.remove_prefix(equals + 1);
    std::string* const words = protocol.empty()      ? &of_all
                               : protocol == "https" ? &of_https
                               : protocol == "socks" ? &of_socks
                                                     : nullptr;
    if (words == nullptr) continue;
    const std::string said = in_script_words(entry, protocol == "socks" ? "SOCKS" : "PROXY");
    if (!said.empty()) *words += (words->empty() ? "" : ";") + said;
  }
  return !of_https.empty() ? of_https : !of_all.empty() ? of_all : of_socks;
}

bool is_excepted(std::string_view exceptions, const std::string& host, const std::string& port) {
  const auto entries = entries_of(exceptions);
  const bool loopback_too = std::ranges::any_of(
      entries, [](std::string_view entry) { return lower_ascii(entry) == "<-loopback>"; });
  if (!loopback_too && is_this_computer(host)) return true;
  return std::ranges::any_of(entries, [&](std::string_view entry) { return excludes(entry, host, port); });
}

}  // namespace koshin::enrollment
