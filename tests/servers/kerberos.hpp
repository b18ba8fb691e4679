// SPDX-License-Identifier: MIT
// A Kerberos realm of one test: MIT's KDC with a user and a service.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "server_process.hpp"

namespace koshin::test {

class KerberosRealm {
 public:
  /// True when the KDC and its tools are installed.
  static bool is_installed();
  /// A realm with the user "tanaka" and the service HTTP/localhost, whose key is in keytab().
  explicit KerberosRealm(const std::filesystem::path& directory);

  /// What whoever takes part needs in its environment: KRB5_CONFIG, KRB5CCNAME, KRB5_KDC_PROFILE.
  const std::map<std::string, std::string>& environment() const { return environment_; }
  std::filesystem::path keytab() const { return directory_ / "http.keytab"; }
  /// The user logs on: a ticket is in the cache from now on.
  void log_on() const;

 private:
  std::filesystem::path directory_;
  std::map<std::string, std::string> environment_;
  std::unique_ptr<ServerProcess> kdc_;
};

}  // namespace koshin::test
