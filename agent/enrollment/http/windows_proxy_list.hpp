// SPDX-License-Identifier: MIT
// Proxies as the settings of Windows write them (Internet Options, group policy, netsh winhttp). Pure
// functions over texts. Internal to this module and its tests.
#pragma once

#include <string>
#include <string_view>

namespace koshin::enrollment {

/// The proxies for https:// servers in a list such as "proxy:8080", "http=a:80;https=b:8443;socks=c:1080" or
/// "b:8443 c:8443", in a script's words, as proxies_of_answer() takes them: "PROXY b:8443". Empty: the list
/// has none for https, and servers are reached directly.
std::string proxies_for_https(std::string_view list);

/// Whether the list of exceptions ("*.corp.example;10.*;https://bank.example:8443;<local>") excludes a
/// server. `host`: lower case, an IPv6 address without its brackets. This computer itself is always
/// excluded, unless the list says "<-loopback>".
bool is_excepted(std::string_view exceptions, const std::string& host, const std::string& port);

}  // namespace koshin::enrollment
