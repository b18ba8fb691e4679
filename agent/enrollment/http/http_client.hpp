// SPDX-License-Identifier: MIT
// The HTTP client: HTTPS to one origin over one kept connection, through corporate proxies, with all sizes
// and waits bounded. Internal to this module and its tests.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "enrollment/http/tls_client.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

struct HttpAuthentication {
  enum class Scheme { none, basic, digest };
  Scheme scheme = Scheme::none;
  std::string user;
  const SecureBuffer* password = nullptr;
};

struct HttpOptions {
  std::string url;                            ///< any https URL of the client's only origin
  std::string url_setting = "authority.url";  ///< the setting that names the origin
  std::optional<ClientCredential> credential;
  std::filesystem::path trust_anchors;        ///< as TlsOptions
  std::filesystem::path system_anchors = {};  ///< as TlsOptions
  bool show_chain = true;                     ///< as TlsOptions
  HttpAuthentication authentication;          ///< sent inside verified TLS to that origin only
  Settings::Proxy proxy;
  const ProxyCredential* proxy_credential = nullptr;  ///< null: nobody was asked; copied
  std::chrono::milliseconds connect_timeout{10'000};  ///< until the server's certificate is accepted
  std::chrono::milliseconds request_timeout{60'000};  ///< of one exchange, with redirects and retries
  int attempts = 3;
  std::stop_token stop;
  WallClock now = current_time;  ///< the job's
  /// As AuthorityOptions::notice.
  std::function<void(const std::string& code, const std::string& text)> notice = {};
};

struct HttpRequest {
  std::string url;
  std::optional<std::string> body;  ///< a POST; else a GET
  std::string content_type;
  /// Throw ConnectionLost instead of opening a new connection.
  bool current_connection_only = false;
  std::optional<int> attempts = {};  ///< instead of HttpOptions::attempts
  bool once = false;                 ///< not repeated when the request may have reached the server
  bool status_alone = false;         ///< a page may be longer than max_response_body: its rest is not read
};

struct HttpResponse {
  long status = 0;
  std::string content_type;
  std::string body;  ///< the first 64 KiB of it when the status is 300 or more
  std::optional<std::string> retry_after, date, location;
  std::vector<std::string> authenticate;  ///< the values of WWW-Authenticate
  bool closes = false;                    ///< the server ends the connection with this answer
};

inline constexpr std::size_t max_response_body = std::size_t{1024} * 1024;
inline constexpr std::size_t max_error_body = std::size_t{64} * 1024;
inline constexpr int max_redirects = 3;

/// The connection that a request required is closed; the request was not sent again.
class ConnectionLost : public FailureError {
 public:
  using FailureError::FailureError;
};

class CurlTransfer;

class HttpClient {
 public:
  /// Throws FailureError{settings_invalid} or {settings_unsafe}. Secrets are copied into libcurl, whose
  /// memory is wiped when it is given back (curl_memory.hpp).
  explicit HttpClient(const HttpOptions& options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Returns the answer with any status. Network failures are retried with jittered backoff; redirects within
  /// the origin are followed with the same method and body (303: with a GET). Each attempt sends the request
  /// once: lower layers do not repeat it. Throws FailureError with an authority_*, proxy_*, tls_* reason, or
  /// {interrupted}.
  HttpResponse exchange(const HttpRequest& request);
  /// Whether an attempt of the latest exchange was sent and got no complete answer, and no later attempt was
  /// answered.
  bool answer_lost() const { return answer_lost_; }
  const TlsStatus& tls() const { return tls_.status(); }
  std::vector<Certificate> shown_certificates() const { return tls_.shown_certificates(); }
  /// Whether, in the latest exchange, a request may have reached the server without an answer being received.
  bool answer_was_lost() const { return answer_was_lost_; }
  /// Whether a connection is open, as far as known without a request.
  bool connected() const { return tls_.status().established && !closed_; }
  /// Adds CA certificates that later connections may send with the client certificate.
  void learn(const std::vector<Certificate>& authorities) { tls_.learn(authorities); }

 private:
  using Clock = std::chrono::steady_clock;
  HttpResponse attempt_until(const HttpRequest& request, Clock::time_point deadline);
  void wait_before_attempt(int attempt, Clock::time_point deadline) const;

  HttpOptions options_;
  TlsClient tls_;  // before transfer_, whose connections refer to it
  std::unique_ptr<CurlTransfer> transfer_;
  bool answer_lost_ = false;
  bool answer_was_lost_ = false;
  bool closed_ = false;  ///< the latest answer closed its connection
};

}  // namespace koshin::enrollment
