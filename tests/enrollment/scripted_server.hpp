// SPDX-License-Identifier: MIT
// A TLS server whose answers a test writes byte by byte: for what a well-behaved bank never does, and to see
// what arrives.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "pkcs11/session.hpp"

namespace koshin::enrollment::test {

class ScriptedServer {
 public:
  struct Options {
    int tls_max = 0;  ///< TLS1_2_VERSION, or 0
    enum class Client {
      ignored,
      requested,
      required,
      refused,
      later                      ///< asked for after the handshake of TLS 1.3, when a request has come
    } client = Client::ignored;  ///< its certificate
    const char* client_signatures = nullptr;  ///< algorithms it takes, as OpenSSL writes them; null: all
    bool close_at_once = false;               ///< before TLS begins
    bool silent = false;                      ///< accepts, then never says anything
  };
  /// One request as it came in.
  struct Request {
    std::string head, body;
    int connection = 0;                   ///< 1, 2, …
    bool one_record = false;              ///< head and body came in one TLS record, that is one write
    std::vector<std::string> shown = {};  ///< subjects of the certificates that the client has shown
  };
  /// The raw answer. Empty: close without one. An answer with "Connection: close" is followed by that.
  using Answer = std::function<std::string(const Request&)>;

  ScriptedServer(const Certificate& certificate, EVP_PKEY* key, Options options, Answer answer);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  int port() const;
  std::string url(const std::string& host = "localhost") const;
  std::vector<Request> requests() const;
  int connections() const;

  struct Parts;  // of the implementation

 private:
  std::unique_ptr<Parts> parts_;
};

/// "HTTP/1.1 200 OK" with Content-Length and whatever else.
std::string answer(int status, const std::string& body, const std::string& headers = "");

}  // namespace koshin::enrollment::test
