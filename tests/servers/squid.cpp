// SPDX-License-Identifier: MIT
// squid.conf, with helpers that squid itself brings.
#include "squid.hpp"

#include <fstream>

#include "sockets.hpp"

namespace koshin::test {

namespace {

using Scheme = Squid::Scheme;

std::string helper(const char* name) {
  return std::string("/usr/lib/squid/") + name;
}

std::string login(Scheme scheme, const Squid::Options& options, const std::string& directory) {
  switch (scheme) {
    case Scheme::basic:
      return "auth_param basic program /bin/sed -u -e s/^tanaka.geheim$/OK/ -e t -e s/.*/ERR/\n"
             "auth_param basic realm company\n";
    case Scheme::digest:
      return "auth_param digest program " + helper("digest_file_auth") + " " + directory +
             "/digest\nauth_param digest realm company\n";
    case Scheme::ntlm:
      return "auth_param ntlm program " + helper("ntlm_fake_auth") + "\n";
    case Scheme::negotiate:
      return "auth_param negotiate program " + helper("negotiate_kerberos_auth") + " -k " +
             options.keytab.string() + " -t none -s HTTP/localhost@BANK.TEST\n";
  }
  return {};
}

std::string port_line(const Squid::Options& options, const std::string& port) {
  const std::string address = "127.0.0.1:" + port;
  if (!options.speaks_tls.empty())
    return "https_port " + address + " tls-cert=" + options.speaks_tls.string() + "\n";
  if (options.inspects.empty()) return "http_port " + address + "\n";
  return "http_port " + address + " ssl-bump tls-cert=" + options.inspects.string() +
         " generate-host-certificates=on dynamic_cert_mem_cache_size=4MB\nssl_bump bump all\n"
         "tls_outgoing_options flags=DONT_VERIFY_PEER\nsslproxy_cert_error allow all\n";
}

std::string configuration(const Squid::Options& options, const std::string& port,
                          const std::string& directory) {
  std::string text = port_line(options, port) +
                     "visible_hostname localhost\npid_filename none\naccess_log none\ncache_log /dev/stderr\n"
                     "cache_store_log none\ncache deny all\ncoredump_dir none\npinger_enable off\n"
                     "shutdown_lifetime 0 seconds\nmax_filedescriptors 1024\nnetdb_filename none\n"
                     "dns_nameservers 127.0.0.1\nudp_incoming_address 127.0.0.1\nicp_port 0\n";
  for (const Scheme scheme : options.schemes) text += login(scheme, options, directory);
  if (!options.inspects.empty())
    text += "sslcrtd_program " + helper("security_file_certgen") + " -s " + directory + "/names -M 4MB\n";
  if (options.known_ports_only)
    text += "acl known_ports port 443 563\nhttp_access deny CONNECT !known_ports\n";
  if (!options.schemes.empty())
    return text +
           "acl known_users proxy_auth REQUIRED\nhttp_access allow known_users\nhttp_access deny all\n";
  return text + "http_access allow all\n";
}

/// squid gives up root for a user of its own, who has to reach the folder.
void open_for_squid(const std::filesystem::path& directory) {
  using std::filesystem::perms;
  for (auto folder = directory;
       folder.has_relative_path() && folder.filename() != "shm" && folder.filename() != "tmp";
       folder = folder.parent_path()) {
    std::filesystem::permissions(
        folder, perms::group_exec | perms::others_exec | perms::group_read | perms::others_read,
        std::filesystem::perm_options::add);
  }
}

/// What squid names its shared memory by.
std::string service_name(int port) {
  return "koshin" + std::to_string(port);
}

}  // namespace

Squid::Squid(const Options& options, const std::filesystem::path& directory)
    : port_(enrollment::test::closed_port()), tls_(!options.speaks_tls.empty()) {
  std::filesystem::create_directories(directory);
  open_for_squid(directory);
  std::ofstream(directory / "digest") << "tanaka:geheim\n";
  const auto file = directory / "squid.conf";
  std::ofstream(file) << configuration(options, std::to_string(port_), directory.string());
  if (!options.inspects.empty()) {
    run_program({helper("security_file_certgen"), "-c", "-s", (directory / "names").string(), "-M", "4MB"},
                {});
    run_program({"/bin/chmod", "-R", "a+rwX", (directory / "names").string()}, {});
  }
  process_ = std::make_unique<ServerProcess>(
      std::vector<std::string>{program, "-N", "-f", file.string(), "-n", service_name(port_)}, port_,
      directory / "log", options.environment);
}

Squid::~Squid() {
  process_.reset();
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/dev/shm", none))
    if (entry.path().filename().string().starts_with(service_name(port_) + "-"))
      std::filesystem::remove(entry.path(), none);
}

}  // namespace koshin::test
