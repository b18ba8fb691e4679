// SPDX-License-Identifier: MIT
// HTTP Basic (RFC 7617) and Digest (RFC 7616, SHA-256, qop=auth) as the bank's server side.
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "bank/http_types.hpp"

namespace koshin::bank {

struct HttpCredentials {
  std::string user, password;
};
/// Splits "user:password" at the first colon.
HttpCredentials split_credentials(const std::string& text);
/// The credentials of an Authorization: Basic header, if there is a readable one.
std::optional<HttpCredentials> basic_credentials(const Request& request);

/// Thread-safe.
class HttpAuthentication {
 public:
  static constexpr const char* basic_challenge = "Basic realm=\"Sakura Test Bank\", charset=\"UTF-8\"";
  /// A WWW-Authenticate value with a nonce of its own.
  std::string digest_challenge();
  /// True when the request answers one of our nonces with this password.
  bool digest_accepts(const Request& request, const HttpCredentials& expected);

 private:
  std::mutex mutex_;
  std::set<std::string> nonces_;
};

}  // namespace koshin::bank
