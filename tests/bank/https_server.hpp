// SPDX-License-Identifier: MIT
// An HTTP/1.1 server on a loopback port, with or without TLS, one thread a connection. Its network library
// stays in the .cpp file.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "bank/ca.hpp"
#include "bank/http_types.hpp"

namespace koshin::bank {

struct TlsOptions {
  ServerCredential credential;
  X509* intermediate = nullptr;  ///< sent along with the certificate
  std::string max_version;       ///< "1.2" caps TLS there; empty: 1.3
  bool ask_for_certificate = true;
  /// Asked at each handshake; true: a certificate that comes without its issuer's is refused there, as by a
  /// server that knows the root alone.
  std::function<bool()> root_only;
};

/// Serves from construction to destruction. The handler is called by several threads at once.
class HttpServer {
 public:
  struct Options {
    unsigned short port = 0;  ///< 0: any free port
    std::unique_ptr<TlsOptions> tls;
    std::function<bool()> refuse_connection;  ///< asked after accepting; true: closed at once
  };
  HttpServer(Options options, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  unsigned short port() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace koshin::bank
