// SPDX-License-Identifier: MIT
// The ways that libcurl would take, and a test of a connection.
#include "enrollment/http/proxy_check.hpp"

#include <array>

#include "enrollment/http/curl_handle.hpp"
#include "enrollment/http/transfer_failure.hpp"
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

int go_on_unless_stopped(void* stop, curl_off_t /*expected*/, curl_off_t /*received*/, curl_off_t /*to_send*/,
                         curl_off_t /*sent*/) noexcept {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

}  // namespace

std::string ProxyInUse::endpoint() const {
  return in_url(host) + ':' + port;
}

std::vector<ProxyInUse> proxies_in_use(const Settings::Proxy& settings, const std::string& url,
                                       std::chrono::milliseconds limit, const std::stop_token& stop,
                                       const ProxyCredential* typed) {
  const bool by_password = settings.authentication == ProxyAuthentication::automatic ||
                           settings.authentication == ProxyAuthentication::basic;
  std::vector<ProxyInUse> ways;
  for (ProxyChoice& choice : proxies_for(settings, url, limit, stop)) {
    ProxyInUse way;
    const bool has_user =
        choice.holds_user || !settings.user.empty() || (typed != nullptr && typed->counts_at(choice.address));
    way.password_in_clear = !choice.url.empty() && !choice.https && by_password && has_user;
    way.host = std::move(choice.host);
    way.port = std::move(choice.port);
    way.source = choice.source;
    way.answered_by = std::move(choice.answered_by);
    ways.push_back(std::move(way));
  }
  return ways;
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
