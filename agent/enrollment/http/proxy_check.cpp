// SPDX-License-Identifier: MIT
// Determines the proxy that libcurl would use, and tests its connection.
#include "enrollment/http/proxy_check.hpp"

#include <array>
#include <memory>

#include "enrollment/http/curl_handle.hpp"
#include "enrollment/http/proxy.hpp"
#include "enrollment/http/transfer_failure.hpp"
#include "enrollment/http/url.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {
namespace {

std::string in_url(const std::string& host) {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

class Probe : public CurlHandle {
 public:
  Probe() { set(CURLOPT_CONNECT_ONLY, 1L); }
  CURLcode run() const { return curl_easy_perform(get()); }
};

curl_socket_t refuse_socket(void* asked, curlsocktype /*purpose*/, curl_sockaddr* /*address*/) noexcept {
  *static_cast<bool*>(asked) = true;
  return CURL_SOCKET_BAD;
}

/// Whether no_proxy excludes the server. libcurl has no function for this, and a second implementation might
/// differ. So libcurl gets a proxy that it cannot use: it opens a socket only when it bypasses that proxy.
/// The name is resolved locally, and no socket is opened.
bool is_passed_by(const std::string& no_proxy, const std::string& url, const Origin& server) {
  if (no_proxy.empty()) return false;
  Probe probe;
  bool asked_for_socket = false;
  probe.set(CURLOPT_URL, url.c_str());
  probe.set(CURLOPT_PROXY, "no-such-scheme://proxy.invalid:1");
  probe.set(CURLOPT_NOPROXY, no_proxy.c_str());
  probe.set(CURLOPT_OPENSOCKETFUNCTION, &refuse_socket);
  probe.set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&asked_for_socket));
  std::unique_ptr<curl_slist, CurlDeleter> names;
  if (server.host.find(':') == std::string::npos) {
    names.reset(curl_slist_append(nullptr, (server.host + ':' + server.port + ":127.0.0.1").c_str()));
    probe.set(CURLOPT_RESOLVE, names.get());
  }
  probe.run();
  return asked_for_socket;
}

int go_on_unless_stopped(void* stop, curl_off_t /*expected*/, curl_off_t /*received*/, curl_off_t /*to_send*/,
                         curl_off_t /*sent*/) noexcept {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

}  // namespace

std::string ProxyInUse::endpoint() const {
  return in_url(host) + ':' + port;
}

std::optional<ProxyInUse> proxy_in_use(const Settings::Proxy& settings, const std::string& url) {
  const ProxyChoice choice = choose_proxy(settings);
  const auto server = origin_of(url);
  if (choice.url.empty() || !server || is_passed_by(choice.no_proxy, url, *server)) return std::nullopt;
  const bool by_password = settings.authentication == ProxyAuthentication::automatic ||
                           settings.authentication == ProxyAuthentication::basic;
  return ProxyInUse{
      .host = choice.host,
      .port = choice.port,
      .of_environment = settings.url.empty(),
      .password_in_clear = !choice.https && by_password && (choice.holds_user || !settings.user.empty())};
}

void reach_proxy(const ProxyInUse& proxy, std::chrono::milliseconds timeout, const std::stop_token& stop) {
  Probe probe;
  std::array<char, CURL_ERROR_SIZE> text{};
  std::stop_token stopped = stop;
  const std::string url = "http://" + proxy.endpoint() + '/';
  probe.set(CURLOPT_ERRORBUFFER, text.data());
  probe.set(CURLOPT_URL, url.c_str());
  probe.set(CURLOPT_PROTOCOLS_STR, "http");
  probe.set(CURLOPT_PROXY, "");
  probe.set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  probe.set(CURLOPT_NOPROGRESS, 0L);
  probe.set(CURLOPT_XFERINFOFUNCTION, &go_on_unless_stopped);
  probe.set(CURLOPT_XFERINFODATA, static_cast<void*>(&stopped));
  const CURLcode code = probe.run();
  if (code == CURLE_OK) return;
  if (stop.stop_requested()) fail(Reason::interrupted, "the proxy was not waited for");
  const std::string reason = text.front() == '\0' ? curl_easy_strerror(code) : text.data();
  const bool wrong = is_wrong_address(code, probe.info(CURLINFO_OS_ERRNO, 0L));
  fail(wrong ? Reason::proxy_unusable : Reason::proxy_failed,
       printable(proxy.endpoint() + ": " + reason, 500));
}

}  // namespace koshin::enrollment
