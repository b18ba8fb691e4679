// SPDX-License-Identifier: MIT
// A stand-in bank for one test.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pkcs11/types.hpp"

namespace koshin::test {

using pkcs11::Bytes;
using pkcs11::ByteView;

/// Runs inside this process, on ephemeral ports, from construction to destruction.
class TestBank {
 public:
  struct Options {
    std::string key_type = "ec";  ///< of the authorities and of the TLS server: "ec" | "rsa"
    std::string tls_max = {};     ///< "1.2", or empty
    std::string name = "Sakura";  ///< its authorities are "NAME Root CA" and "NAME User CA"
    std::vector<std::pair<std::string, std::string>> switches = {};
  };
  /// Makes a certificate authority in `directory` unless there is one.
  explicit TestBank(const std::filesystem::path& directory, const Options& options);
  explicit TestBank(const std::filesystem::path& directory);
  ~TestBank();
  TestBank(const TestBank&) = delete;
  TestBank& operator=(const TestBank&) = delete;

  std::string url() const;                ///< "https://localhost:PORT"
  std::string control_url() const;        ///< "http://127.0.0.1:PORT"
  unsigned short front_port() const;      ///< plain HTTP behind a front end, see Bank::front_port()
  std::filesystem::path anchors() const;  ///< PEM, the root
  std::filesystem::path issuing() const;  ///< PEM, the issuing authority
  /// Sets a switch; tests/bank/README.md lists them.
  void set(const std::string& name, const std::string& value);
  std::size_t issued() const;                      ///< certificates issued over EST
  std::size_t logins() const;                      ///< GET /login with a certificate that counts
  bool has_logged_in(ByteView certificate) const;  ///< whether one of these was with this certificate, DER
  std::size_t requests(
      const std::string& operation) const;  ///< "cacerts", "simplereenroll", "login", "credentials", …
  /// A user certificate over `spki`, DER.
  Bytes issue(ByteView spki, const std::string& cn, int days_left, int age_days = 353,
              const std::string& san = "");
  /// The same subject's certificate for something else, such as "emailProtection".
  Bytes issue_for(const std::string& extended_usage, ByteView spki, const std::string& cn, int days_left);
  /// What another authority, or this one long ago, would have issued.
  struct Order {
    std::string usage = "critical,digitalSignature";
    bool weak = false;  ///< signed with SHA-1
    std::string extended_usage = "clientAuth";
    std::string san = {};
  };
  Bytes issue_as(const Order& order, ByteView spki, const std::string& cn, int days_left);
  std::string reissue_code(const std::string& cn);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace koshin::test
