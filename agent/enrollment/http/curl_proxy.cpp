// SPDX-License-Identifier: MIT
// libcurl's options for a proxy.
#include "enrollment/http/curl_proxy.hpp"

#include <openssl/ssl.h>

#include <algorithm>

#include "enrollment/http/curl_secret.hpp"
#include "enrollment/http/url.hpp"
#include "foundation/secrets/secret_input.hpp"

namespace koshin::enrollment {

namespace {

/// The ways to the server. libcurl takes a user of the proxy's URL over CURLOPT_PROXYUSERNAME, and the proxy
/// has refused that one before a person was asked: where the person's password counts no URL names a user.
std::vector<ProxyChoice> ways_to_server(const HttpOptions& options) {
  auto ways = proxies_for(options.proxy, options.url, options.connect_timeout, options.stop);
  const ProxyCredential* typed = options.proxy_credential;
  for (ProxyChoice& way : ways) {
    if (typed == nullptr || !way.holds_user || !typed->counts_at(way.address)) continue;
    way.url = without_user(way.url);
    way.holds_user = false;
  }
  return ways;
}

}  // namespace

CurlProxy::CurlProxy(CurlHandle& handle, const HttpOptions& options)
    : handle_(handle),
      options_(options),
      choices_(ways_to_server(options)),
      typed_(typed_account(options)),
      typed_for_(options.proxy_credential != nullptr ? options.proxy_credential->proxies
                                                     : std::vector<std::string>{}),
      login_(login()) {
  handle_.set(CURLOPT_NOPROXY, "");  // whatever the environment says: choices_ have considered it
  handle_.set(CURLOPT_HTTPPROXYTUNNEL, 1L);
  read_settings_account();
  take_way();
}

CurlProxy::Account CurlProxy::typed_account(const HttpOptions& options) {
  const ProxyCredential* typed = options.proxy_credential;
  if (typed == nullptr || typed->password == nullptr) return {};
  return {typed->user, SecureBuffer::copy_of(typed->password->view())};
}

/// The file is not read where every way is the direct one.
void CurlProxy::read_settings_account() {
  const Settings::Proxy& settings = options_.proxy;
  const bool any = std::ranges::any_of(choices_, [](const ProxyChoice& way) { return !way.url.empty(); });
  if (!any || settings.user.empty()) return;
  settings_.user = settings.user;
  if (settings.password_file.empty()) return;
  settings_.password = read_password_file(settings.password_file, "proxy.password_file");
}

/// Who is named at the present proxy.
const CurlProxy::Account& CurlProxy::account() const {
  const bool typed = std::ranges::find(typed_for_, choice().address) != typed_for_.end();
  return typed ? typed_ : settings_;
}

ProxyLogin CurlProxy::login() const {
  return {options_.proxy, choice().holds_user || !account().user.empty()};
}

/// In place of what was given for the way before this one.
void CurlProxy::give_account() {
  handle_.set<const char*>(CURLOPT_PROXYUSERNAME, nullptr);
  handle_.set<const char*>(CURLOPT_PROXYPASSWORD, nullptr);
  if (choice().url.empty()) return;
  const Account& mine = account();
  if (!mine.user.empty()) {
    handle_.set(CURLOPT_PROXYUSERNAME, mine.user.c_str());
    if (!mine.password.empty()) handle_.set(CURLOPT_PROXYPASSWORD, terminated(mine.password).view().data());
  } else if (choice().http && login_.without_user()) {
    handle_.set(CURLOPT_PROXYUSERNAME, "");
  }
}

void CurlProxy::take_way() {
  login_ = login();
  tls_ = nullptr;
  give_account();
  handle_.set(CURLOPT_PROXY, choice().url.c_str());  // empty: no proxy, whatever the environment says
  if (choice().url.empty()) return;
  handle_.set(CURLOPT_PROXYAUTH, static_cast<long>(login_.schemes()));
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

bool CurlProxy::wants_password_in_clear() const {
  if (!choice().http) return !choice().url.empty();  // SOCKS5 (RFC 1929) knows no other way
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
