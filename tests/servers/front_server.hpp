// SPDX-License-Identifier: MIT
// Servers that end TLS in front of the bank.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "server_process.hpp"

namespace koshin::test {

class FrontServer {
 public:
  enum class Kind { apache2, nginx, haproxy };
  enum class Asks {
    in_handshake,  ///< and insists
    optionally,    ///< in the handshake, and lets pass without
    for_a_place    ///< apache2: once it has seen the path, by renegotiation or after the handshake
  };
  struct Options {
    Kind kind = Kind::nginx;
    Asks asks = Asks::in_handshake;
    std::string tls = "1.3";  ///< the one version spoken
    bool closes = false;      ///< the connection after each answer
    bool chunked = false;     ///< nginx: answers without Content-Length
  };
  /// Certificate and key of the server, and the authorities of its clients, as PEM files.
  struct Identity {
    std::filesystem::path certificate, key, client_authorities;
  };

  static const char* program(Kind kind);
  /// `bank_port`: plain HTTP, see TestBank::front_port().
  FrontServer(const Options& options, const Identity& identity, int bank_port,
              const std::filesystem::path& directory);
  std::string url() const { return "https://localhost:" + std::to_string(port_); }

 private:
  int port_;
  std::unique_ptr<ServerProcess> process_;
};

}  // namespace koshin::test
