// SPDX-License-Identifier: MIT
// A plain EST client for the bank's own tests: OpenSSL's software keys, its own TLS, no code of koshin's.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bank/openssl_handles.hpp"

namespace koshin::bank {

struct Answer {
  int status = 0;
  std::string headers;  ///< as received
  std::string body;
  bool whole = false;     ///< Content-Length bytes arrived
  Bytes channel_binding;  ///< of the connection it came over
  std::string header(const std::string& name) const;
};

/// One connection.
class EstClient {
 public:
  struct Options {
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    std::string tls_max;
  };
  /// Connects and verifies the server against `anchors`. Throws std::runtime_error when TLS fails.
  EstClient(const std::string& url, const std::filesystem::path& anchors, const Options& options);
  ~EstClient();
  EstClient(const EstClient&) = delete;
  EstClient& operator=(const EstClient&) = delete;
  const Bytes& channel_binding() const;
  Answer send(const std::string& method, const std::string& path, const std::string& body = "",
              const std::vector<std::pair<std::string, std::string>>& headers = {});

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

struct RequestOptions {
  std::string san;  ///< "email:…"
  std::optional<std::string> challenge_password;
  EVP_PKEY* signed_by = nullptr;   ///< another key than the one certified
  const EVP_MD* digest = nullptr;  ///< SHA-256
};
/// A PKCS#10 in base64.
std::string make_request(EVP_PKEY* key, const Bytes& subject, const RequestOptions& options = {});
/// The only certificate of a certs-only answer.
X509Ptr certificate_of(const Answer& answer);

}  // namespace koshin::bank
