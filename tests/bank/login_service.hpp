// SPDX-License-Identifier: MIT
// The bank's log-in page: client certificate first, then a passphrase, then the notice that the certificate
// nears expiry.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "bank/books.hpp"
#include "bank/http_types.hpp"

namespace koshin::bank {

/// Thread-safe.
class LoginService {
 public:
  struct Login {
    std::string common_name, serial;
  };
  static constexpr const char* default_passphrase = "sakura2026";

  explicit LoginService(Books books) : books_(books) {}
  /// GET shows the passphrase form (200) to whoever holds a certificate that counts; POST checks the
  /// passphrase.
  Response handle(const Request& request, const Peer& peer);
  /// Every GET that got past the certificate, in order.
  std::vector<Login> logins() const;

 private:
  Response show(const Request& request, X509* client);
  Response check_passphrase(const Request& request, X509* client);

  Books books_;
  mutable std::mutex mutex_;
  std::vector<Login> logins_;
};

}  // namespace koshin::bank
