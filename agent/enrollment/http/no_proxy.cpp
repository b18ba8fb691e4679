// SPDX-License-Identifier: MIT
// libcurl has no function for this, and a second implementation might differ. So libcurl gets a proxy that it
// cannot use: it opens a socket only when it bypasses that proxy. The name is resolved locally.
#include "enrollment/http/no_proxy.hpp"

#include <memory>

#include "enrollment/http/curl_handle.hpp"
#include "enrollment/http/url.hpp"

namespace koshin::enrollment {
namespace {

curl_socket_t refuse_socket(void* asked, curlsocktype /*purpose*/, curl_sockaddr* /*address*/) noexcept {
  *static_cast<bool*>(asked) = true;
  return CURL_SOCKET_BAD;
}

}  // namespace

bool is_without_proxy(const std::string& no_proxy, const std::string& url) {
  const auto server = origin_of(url);
  if (no_proxy.empty() || !server) return false;
  CurlHandle probe;
  bool asked_for_socket = false;
  probe.set(CURLOPT_CONNECT_ONLY, 1L);
  probe.set(CURLOPT_URL, url.c_str());
  probe.set(CURLOPT_PROXY, "no-such-scheme://proxy.invalid:1");
  probe.set(CURLOPT_NOPROXY, no_proxy.c_str());
  probe.set(CURLOPT_OPENSOCKETFUNCTION, &refuse_socket);
  probe.set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&asked_for_socket));
  std::unique_ptr<curl_slist, CurlDeleter> names;
  if (server->host.find(':') == std::string::npos) {
    names.reset(curl_slist_append(nullptr, (server->host + ':' + server->port + ":127.0.0.1").c_str()));
    probe.set(CURLOPT_RESOLVE, names.get());
  }
  curl_easy_perform(probe.get());
  return asked_for_socket;
}

}  // namespace koshin::enrollment
