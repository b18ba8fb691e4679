// SPDX-License-Identifier: MIT
// Debian's squid, as companies run it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server_process.hpp"

namespace koshin::test {

class Squid {
 public:
  static constexpr const char* program = "/usr/sbin/squid";
  enum class Scheme { basic, digest, ntlm, negotiate };
  struct Options {
    std::vector<Scheme> schemes = {};  ///< none: everybody may pass
    bool known_ports_only = false;     ///< CONNECT to 443 and 563 only, as squid is delivered
    std::filesystem::path inspects =
        {};  ///< PEM of an authority (with key) that it signs servers' names with
    std::filesystem::path speaks_tls = {};  ///< PEM of its own certificate and key: an https:// proxy
    std::filesystem::path keytab = {};      ///< for negotiate
    std::map<std::string, std::string> environment = {};
  };
  /// The user is "tanaka", the password "geheim". The directory is made readable for squid's own user.
  Squid(const Options& options, const std::filesystem::path& directory);
  ~Squid();  ///< ends it, and removes the shared memory that it leaves when it is killed
  Squid(const Squid&) = delete;
  Squid& operator=(const Squid&) = delete;
  std::string url() const {
    return (tls_ ? "https" : "http") + std::string("://localhost:") + std::to_string(port_);
  }

 private:
  int port_;
  bool tls_;
  std::unique_ptr<ServerProcess> process_;
};

}  // namespace koshin::test
