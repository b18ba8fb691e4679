// SPDX-License-Identifier: MIT
// The proxy of one libcurl handle: which it is, TLS with it, and how it is told who asks. Internal to this
// module.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "enrollment/http/curl_handle.hpp"
#include "enrollment/http/http_client.hpp"
#include "enrollment/http/proxy.hpp"
#include "enrollment/http/proxy_login.hpp"
#include "enrollment/http/tls_client.hpp"

namespace koshin::enrollment {

class CurlProxy {
 public:
  /// Sets the handle up for it. Throws FailureError{settings_invalid} or {settings_unsafe}. The handle must
  /// outlive it.
  CurlProxy(CurlHandle& handle, const HttpOptions& options);

  /// "host port 3128"; empty without a proxy.
  const std::string& endpoint() const { return choice_.endpoint; }
  /// What names it: "proxy.url", or a variable of the environment.
  const std::string& setting() const { return choice_.setting; }
  /// It is in use, and asked by CONNECT to let TLS pass.
  bool tunnels() const { return tunnels_; }
  /// Its TLS, when the way to it is TLS; else null.
  const TlsStatus* tls() const { return tls_ ? &tls_->status() : nullptr; }
  /// A new connection is being opened.
  void connection_begins() noexcept;
  /// Whether the TLS context being made is the proxy's, which comes before the server's; then it is set up.
  /// Our certificate is never offered to a proxy.
  bool takes(SSL_CTX* context, bool& done) noexcept;
  /// After a 407: whether another scheme is left, which the next try will use.
  bool try_weaker();
  /// What is known of a 407, with the schemes that the proxy offers.
  std::string login_words(const std::vector<std::string>& offers) const { return login_.words(offers); }

 private:
  void give_password(const HttpOptions& options);
  void set_up_tls(const HttpOptions& options);

  CurlHandle& handle_;
  ProxyChoice choice_;
  ProxyLogin login_;
  std::optional<TlsClient> tls_;
  bool tunnels_ = false;
  bool tls_is_next_ = false;
};

}  // namespace koshin::enrollment
