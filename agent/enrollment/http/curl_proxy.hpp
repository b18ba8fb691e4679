// SPDX-License-Identifier: MIT
// The proxy of one libcurl handle: its choice, its TLS and its authentication. Internal to this module.
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
  /// Configures the handle for the proxy. Throws FailureError{settings_invalid} or {settings_unsafe}. The
  /// handle must outlive this object.
  CurlProxy(CurlHandle& handle, const HttpOptions& options);

  /// "host port 3128"; empty without a proxy.
  const std::string& endpoint() const { return choice_.endpoint; }
  /// The origin of the choice: "proxy.url", or a variable of the environment.
  const std::string& setting() const { return choice_.setting; }
  /// Whether an HTTP proxy tunnels the TLS connection by CONNECT.
  bool tunnels() const { return tunnels_; }
  /// The status of the TLS connection to an https:// proxy; else null.
  const TlsStatus* tls() const { return tls_ ? &tls_->status() : nullptr; }
  /// To be called when a new connection is opened.
  void connection_begins() noexcept;
  /// Whether the new TLS context is the proxy's, which precedes the server's; if so, configures it. The
  /// client certificate is never offered to a proxy.
  bool takes(SSL_CTX* context, bool& done) noexcept;
  /// After a 407: selects the next scheme; returns whether one is left.
  bool try_weaker();
  /// A text about a 407, with the schemes that the proxy offers.
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
