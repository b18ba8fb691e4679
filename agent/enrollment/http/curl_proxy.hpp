// SPDX-License-Identifier: MIT
// The proxy of one libcurl handle: its choice, its TLS and its authentication. Internal to this module.
#pragma once

#include <memory>
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
  /// Determines the ways to the server and configures the handle for the first one. Throws as proxies_for(),
  /// and FailureError{settings_unsafe}. Handle and options must outlive this object; passwords are copied
  /// here.
  CurlProxy(CurlHandle& handle, const HttpOptions& options);

  /// The present way does not work: configures the handle for the next one, after the last one the first.
  /// False when none of them has worked since way_works().
  bool next_way();
  void way_works() { blocked_ = 0; }
  /// "host port 3128"; empty without a proxy.
  const std::string& endpoint() const { return choice().endpoint; }
  /// "http://host:3128", as Failure::proxy; empty without a proxy.
  const std::string& address() const { return choice().address; }
  /// The origin of the choice: "proxy.url", or a variable of the environment.
  const std::string& setting() const { return choice().setting; }
  /// For messages, with a leading semicolon: which ways were tried before this one, and who says that no
  /// proxy is used. Mostly empty.
  std::string way_words() const;
  /// Whether an HTTP proxy tunnels the TLS connection by CONNECT.
  bool tunnels() const { return choice().http; }
  /// The status of the TLS connection to an https:// proxy; else null.
  const TlsStatus* tls() const { return tls_ != nullptr ? &tls_->status() : nullptr; }
  /// To be called when a new connection is opened.
  void connection_begins() noexcept;
  /// Whether the new TLS context is the proxy's, which precedes the server's; if so, configures it. The
  /// client certificate is never offered to a proxy.
  bool takes(SSL_CTX* context, bool& done) noexcept;
  /// After a 407: selects the next scheme; returns whether one is left.
  bool try_weaker();
  /// Of a proxy that asks who is there: whether it takes nothing but Basic over a connection that anybody can
  /// read, or is a SOCKS proxy.
  bool wants_password_in_clear() const;
  /// A text about a 407, with the schemes that the proxy offers.
  std::string login_words(const std::vector<std::string>& offers) const { return login_.words(offers); }

 private:
  /// A user name with its password; empty: none.
  struct Account {
    std::string user = {};
    SecureBuffer password = SecureBuffer();
  };
  static Account typed_account(const HttpOptions& options);
  const ProxyChoice& choice() const { return choices_[way_]; }
  const Account& account() const;
  ProxyLogin login() const;
  void read_settings_account();
  void give_account();
  void take_way();

  CurlHandle& handle_;
  const HttpOptions& options_;
  std::vector<ProxyChoice> choices_;
  Account settings_, typed_;
  std::vector<std::string> typed_for_;  ///< the proxies at which typed_ counts
  std::size_t way_ = 0;
  std::size_t blocked_ = 0;  ///< how many before it, in their circle, did not work
  ProxyLogin login_;
  /// One for each way that was taken: libcurl may still hold a closed connection of an earlier one.
  std::vector<std::unique_ptr<TlsClient>> all_tls_;
  TlsClient* tls_ = nullptr;  ///< of the present way
  bool tls_is_next_ = false;
};

}  // namespace koshin::enrollment
