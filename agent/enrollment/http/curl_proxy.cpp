// SPDX-License-Identifier: MIT
// libcurl's options for a proxy.
#include "enrollment/http/curl_proxy.hpp"

#include <openssl/ssl.h>

#include "enrollment/http/curl_secret.hpp"
#include "enrollment/http/proxy_check.hpp"
#include "foundation/secrets/secret_input.hpp"

namespace koshin::enrollment {

CurlProxy::CurlProxy(CurlHandle& handle, const HttpOptions& options)
    : handle_(handle),
      choice_(choose_proxy(options.proxy)),
      login_(options.proxy, choice_.holds_user || !options.proxy.user.empty()) {
  handle_.set(CURLOPT_PROXY, choice_.url.c_str());  // empty: no proxy, whatever the environment says
  handle_.set(CURLOPT_NOPROXY, choice_.no_proxy.c_str());
  if (choice_.url.empty()) return;
  handle_.set(CURLOPT_HTTPPROXYTUNNEL, 1L);
  handle_.set(CURLOPT_PROXYAUTH, static_cast<long>(login_.schemes()));
  if (choice_.http && login_.without_user()) handle_.set(CURLOPT_PROXYUSERNAME, "");
  if (!options.proxy.user.empty()) give_password(options);
  const bool in_use = proxy_in_use(options.proxy, options.url).has_value();
  tunnels_ = choice_.http && in_use;
  if (choice_.https && in_use) set_up_tls(options);
}

void CurlProxy::give_password(const HttpOptions& options) {
  handle_.set(CURLOPT_PROXYUSERNAME, options.proxy.user.c_str());
  if (options.proxy_password != nullptr) {
    handle_.set(CURLOPT_PROXYPASSWORD, terminated(*options.proxy_password).view().data());
  } else if (!options.proxy.password_file.empty()) {
    const SecureBuffer password = read_password_file(options.proxy.password_file, "proxy.password_file");
    handle_.set(CURLOPT_PROXYPASSWORD, terminated(password).view().data());
  }
}

void CurlProxy::set_up_tls(const HttpOptions& options) {
  tls_.emplace(TlsOptions{.host = choice_.host,
                          .credential = {},
                          .trust_anchors = options.proxy.trust_anchors,
                          .system_anchors = options.system_anchors,
                          .role_counts = false,
                          .now = options.now});
  // Verified by TlsClient with its own trust store, as for the server.
  handle_.set(CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
  handle_.set(CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
  handle_.set<const char*>(CURLOPT_PROXY_CAINFO, nullptr);
  handle_.set<const char*>(CURLOPT_PROXY_CAPATH, nullptr);
  handle_.set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
}

void CurlProxy::connection_begins() noexcept {
  if (tls_) tls_->forget_connection();
  tls_is_next_ = tls_.has_value();
}

bool CurlProxy::takes(SSL_CTX* context, bool& done) noexcept {
  if (!tls_is_next_) return false;
  tls_is_next_ = false;
  done = tls_->configure(context);
  return true;
}

bool CurlProxy::try_weaker() {
  if (!login_.give_up(static_cast<unsigned long>(handle_.info(CURLINFO_PROXYAUTH_AVAIL, 0L)))) return false;
  handle_.set(CURLOPT_PROXYAUTH, static_cast<long>(login_.schemes()));
  return true;
}

}  // namespace koshin::enrollment
