// SPDX-License-Identifier: MIT
// Setting up the realm with MIT's own tools.
#include "kerberos.hpp"

#include <fstream>

#include "sockets.hpp"

namespace koshin::test {

namespace {
constexpr const char* kdc_program = "/usr/sbin/krb5kdc";
constexpr const char* admin_program = "/usr/sbin/kadmin.local";
constexpr const char* database_program = "/usr/sbin/kdb5_util";
constexpr const char* ticket_program = "/usr/bin/kinit";
constexpr const char* password = "ticket-please";
}  // namespace

bool KerberosRealm::is_installed() {
  return test::is_installed(kdc_program) && test::is_installed(admin_program) &&
         test::is_installed(database_program) && test::is_installed(ticket_program);
}

KerberosRealm::KerberosRealm(const std::filesystem::path& directory)
    : directory_(directory),
      environment_{{"KRB5_CONFIG", (directory / "krb5.conf").string()},
                   {"KRB5_KDC_PROFILE", (directory / "kdc.conf").string()},
                   {"KRB5CCNAME", "FILE:" + (directory / "tickets").string()},
                   {"KRB5RCACHETYPE", "none"}} {
  std::filesystem::create_directories(directory_);
  const int port = enrollment::test::closed_port();
  const std::string address = "127.0.0.1:" + std::to_string(port);
  std::ofstream(directory_ / "krb5.conf")
      << "[libdefaults]\n default_realm = BANK.TEST\n dns_lookup_kdc = false\n dns_lookup_realm = false\n"
         " rdns = false\n dns_canonicalize_hostname = false\n udp_preference_limit = 1\n"
         "[realms]\n BANK.TEST = {\n  kdc = "
      << address << "\n }\n[domain_realm]\n localhost = BANK.TEST\n";
  std::ofstream(directory_ / "kdc.conf")
      << "[kdcdefaults]\n kdc_listen = \"\"\n kdc_tcp_listen = " << address
      << "\n[realms]\n BANK.TEST = {\n  database_name = " << (directory_ / "principal").string()
      << "\n  key_stash_file = " << (directory_ / "stash").string() << "\n  acl_file = /dev/null\n }\n"
      << "[logging]\n kdc = STDERR\n";
  run_program({database_program, "create", "-s", "-r", "BANK.TEST", "-P", "master"}, environment_);
  for (const std::string& command :
       {std::string("addprinc -pw ") + password + " tanaka", std::string("addprinc -randkey HTTP/localhost"),
        "ktadd -k " + keytab().string() + " HTTP/localhost"}) {
    run_program({admin_program, "-r", "BANK.TEST", "-q", command}, environment_);
  }
  std::filesystem::permissions(keytab(), std::filesystem::perms(0644));
  kdc_ = std::make_unique<ServerProcess>(std::vector<std::string>{kdc_program, "-n", "-r", "BANK.TEST"}, port,
                                         directory_ / "kdc.log", environment_);
}

void KerberosRealm::log_on() const {
  run_program({ticket_program, "tanaka"}, environment_, std::string(password) + "\n");
}

}  // namespace koshin::test
