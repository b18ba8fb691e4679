// SPDX-License-Identifier: MIT
// libcurl's options for a proxy.
#include "enrollment/http/curl_proxy.hpp"

#include <openssl/ssl.h>

#include <algorithm>

#include "enrollment/http/curl_secret.hpp"
#include "foundation/secrets/secret_input.hpp"

namespace koshin::enrollment {

namespace {

ProxyLogin login_of(const HttpOptions& options, const ProxyChoice& choice) {
  return {options.proxy, choice.holds_user || !options.proxy.user.empty()};
}

}  // namespace

CurlProxy::CurlProxy(CurlHandle& handle, const HttpOptions& options)
    : handle_(handle),
      options_(options),
      choices_(proxies_for(options.proxy, options.url, options.connect_timeout, options.stop)),
      login_(login_of(options, choices_.front())) {
  handle_.set(CURLOPT_NOPROXY, "");  // whatever the environment says: choices_ have considered it
  handle_.set(CURLOPT_HTTPPROXYTUNNEL, 1L);
  const bool any = std::ranges::any_of(choices_, [](const ProxyChoice& way) { return !way.url.empty(); });
  if (any && !options.proxy.user.empty()) give_password(options);
  take_way();
}

void CurlProxy::take_way() {
  login_ = login_of(options_, choice());
  tls_ = nullptr;
  handle_.set(CURLOPT_PROXY, choice().url.c_str());  // empty: no proxy, whatever the environment says
  if (choice().url.empty()) return;
  handle_.set(CURLOPT_PROXYAUTH, static_cast<long>(login_.schemes()));
  if (choice().http && login_.without_user()) handle_.set(CURLOPT_PROXYUSERNAME, "");
  if (!choice().https) return;
  all_tls_.push_back(std::make_unique<TlsClient>(TlsOptions{.host = choice().host,
                                                            .credential = {},
                                                            .trust_anchors = options_.proxy.trust_anchors,
                                                            .system_anchors = options_.system_anchors,
                                                            .role_counts = false,
                                                            .now = options_.now}));
  tls_ = all_tls_.back().get();
  // Verified by TlsClient with its own trust store, as for the server.
  handle_.set(CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
  handle_.set(CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
  handle_.set<const char*>(CURLOPT_PROXY_CAINFO, nullptr);
  handle_.set<const char*>(CURLOPT_PROXY_CAPATH, nullptr);
  handle_.set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
}

bool CurlProxy::next_way() {
  if (blocked_ + 1 == choices_.size()) {
    blocked_ = 0;
    return false;
  }
  ++blocked_;
  way_ = (way_ + 1) % choices_.size();
  take_way();
  return true;
}

std::string CurlProxy::way_words() const {
  std::string text;
  for (std::size_t back = blocked_; back > 0; --back) {
    const ProxyChoice& before = choices_[(way_ + choices_.size() - back) % choices_.size()];
    text += (text.empty() ? "; tried before: " : ", ") +
            (before.url.empty() ? std::string("the direct way") : before.endpoint);
  }
  if (choice().url.empty() && choice().source == ProxySource::answer)
    text += "; without a proxy, as " + choice().setting + " has it";
  return text;
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

bool CurlProxy::wants_password_in_clear() const {
  const auto offered = static_cast<unsigned long>(handle_.info(CURLINFO_PROXYAUTH_AVAIL, 0L));
  constexpr unsigned long known = CURLAUTH_BASIC | CURLAUTH_DIGEST | CURLAUTH_NTLM | CURLAUTH_NEGOTIATE;
  return !choice().https && (offered & known) == CURLAUTH_BASIC;
}

void CurlProxy::connection_begins() noexcept {
  if (tls_ != nullptr) tls_->forget_connection();
  tls_is_next_ = tls_ != nullptr;
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
