// SPDX-License-Identifier: MIT
// The whole stand-in bank: authority, EST, log-in and re-issue desk, on two loopback ports.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bank/openssl_handles.hpp"

namespace koshin::bank {

/// What goes into a certificate made outside EST.
struct IssueOptions {
  std::string common_name = "12345678901234 user0001";
  int days = 365;              ///< until expiry, from now; negative: already expired
  int not_before_days = -353;  ///< begin of validity, from now
  std::string san = {};        ///< "email:user@bank.example", empty for none
  std::string extended_usage = "clientAuth";
  std::string usage = "critical,digitalSignature";
  bool weak = false;  ///< signed with SHA-1
};
/// A user certificate over `spki` (SubjectPublicKeyInfo, DER) from the authority in `directory`. Returns its
/// DER.
Bytes issue_certificate(const std::filesystem::path& directory, ByteView spki, const IssueOptions& options);

/// Runs from construction to destruction. Thread-safe.
class Bank {
 public:
  struct Options {
    unsigned short port = 0, control_port = 0;  ///< 0: any free one
    std::string key_type = "ec";                ///< of the TLS server's key
    std::string tls_max = {};                   ///< "1.2" or empty
    std::vector<std::pair<std::string, std::string>> switches = {};
    /// Serves the customers' TLS port alone: no control port, where any process of the machine could hand
    /// itself a code, and no port for a front end.
    bool customers_only = false;
  };
  /// `directory` holds the authority (CertificateAuthority::create).
  Bank(const std::filesystem::path& directory, const Options& options);
  ~Bank();
  Bank(const Bank&) = delete;
  Bank& operator=(const Bank&) = delete;

  std::string url() const;          ///< "https://localhost:PORT"
  std::string control_url() const;  ///< "http://127.0.0.1:PORT"
  /// Plain HTTP on 127.0.0.1, for a front end that ends TLS and hands the client's certificate on in the
  /// field X-Client-Certificate (front_end.hpp).
  unsigned short front_port() const;
  void set(const std::string& name, const std::string& value);
  std::string reissue_code(const std::string& common_name);
  std::size_t issued() const;                  ///< certificates issued over EST by this object
  std::vector<std::string> logged_in() const;  ///< serial numbers of those log-ins, as CONTROL/state has them
  std::size_t logins() const;                  ///< log-ins that got past the certificate
  std::size_t requests(const std::string& operation) const;  ///< "cacerts", "simplereenroll", "login", …

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace koshin::bank
