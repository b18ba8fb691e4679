// SPDX-License-Identifier: MIT
// Configurations as an administrator would write them.
#include "front_server.hpp"

#include <fstream>
#include <iterator>

#include "sockets.hpp"

namespace koshin::test {

namespace {

using Options = FrontServer::Options;
using Identity = FrontServer::Identity;
using Asks = FrontServer::Asks;

struct Place {
  std::string port, bank, directory;
};

std::string apache2(const Options& options, const Identity& identity, const Place& place) {
  std::string text = "ServerRoot " + place.directory + "\nPidFile " + place.directory +
                     "/apache2.pid\nServerName localhost\nUser www-data\nErrorLog /dev/stderr\n"
                     "Mutex pthread\nListen 127.0.0.1:" +
                     place.port + "\n";
  for (const char* module : {"mpm_event", "authz_core", "ssl", "proxy", "proxy_http", "headers", "http2"}) {
    text += std::string("LoadModule ") + module + "_module /usr/lib/apache2/modules/mod_" + module + ".so\n";
  }
  const std::string verify =
      "SSLVerifyClient " + std::string(options.asks == Asks::optionally ? "optional\n" : "require\n");
  text += "KeepAlive " + std::string(options.closes ? "Off\n" : "On\n");
  text += "Protocols h2 http/1.1\nSSLEngine on\nSSLSessionCache none\nSSLProtocol -all +TLSv" + options.tls +
          "\nSSLCertificateFile " + identity.certificate.string() + "\nSSLCertificateKeyFile " +
          identity.key.string() + "\nSSLCACertificateFile " + identity.client_authorities.string() +
          "\nSSLVerifyDepth 4\n";
  text += options.asks == Asks::for_a_place ? "<Location />\n" + verify + "</Location>\n" : verify;
  return text +
         "RequestHeader set X-Client-Certificate \"%{SSL_CLIENT_CERT}s\"\nProxyPreserveHost On\n"
         "ProxyPass / http://127.0.0.1:" +
         place.bank + "/\n";
}

std::string nginx(const Options& options, const Identity& identity, const Place& place) {
  std::string text = "daemon off; master_process off; pid " + place.directory +
                     "/nginx.pid;\nerror_log stderr;\n"
                     "events {}\nhttp {\n  access_log off;\n";
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    text += std::string("  ") + kind + "_temp_path " + place.directory + "/" + kind + ";\n";
  text += "  server {\n    listen 127.0.0.1:" + place.port + " ssl http2;\n    ssl_certificate " +
          identity.certificate.string() + ";\n    ssl_certificate_key " + identity.key.string() +
          ";\n    ssl_protocols TLSv" + options.tls + ";\n    ssl_client_certificate " +
          identity.client_authorities.string() + ";\n    ssl_verify_depth 4;\n    ssl_verify_client " +
          (options.asks == Asks::optionally ? "optional" : "on") + ";\n";
  if (options.closes) text += "    keepalive_timeout 0;\n";
  if (options.chunked) text += "    sub_filter_types *;\n    sub_filter no-such-word another;\n";
  return text + "    location / {\n      proxy_pass http://127.0.0.1:" + place.bank +
         ";\n      proxy_set_header Host $http_host;\n      proxy_set_header X-Client-Certificate "
         "$ssl_client_escaped_cert;\n    }\n  }\n}\n";
}

std::string haproxy(const Options& options, const Identity& identity, const Place& place) {
  return "defaults\n  mode http\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n" +
         std::string(options.closes ? "  option httpclose\n" : "") +
         "frontend front\n  bind 127.0.0.1:" + place.port + " ssl crt " + identity.certificate.string() +
         " ca-file " + identity.client_authorities.string() + " verify " +
         (options.asks == Asks::optionally ? "optional" : "required") + " ssl-min-ver TLSv" + options.tls +
         " ssl-max-ver TLSv" + options.tls +
         " alpn h2,http/1.1\n  http-request set-header X-Client-Certificate %[ssl_c_der,base64]\n"
         "  default_backend bank\nbackend bank\n  server bank 127.0.0.1:" +
         place.bank + "\n";
}

}  // namespace

const char* FrontServer::program(Kind kind) {
  switch (kind) {
    case Kind::apache2:
      return "/usr/sbin/apache2";
    case Kind::nginx:
      return "/usr/sbin/nginx";
    case Kind::haproxy:
      return "/usr/sbin/haproxy";
  }
  return "";
}

FrontServer::FrontServer(const Options& options, const Identity& identity, int bank_port,
                         const std::filesystem::path& directory)
    : port_(enrollment::test::closed_port()) {
  std::filesystem::create_directories(directory);
  const auto file = directory / "configuration";
  const Place place{std::to_string(port_), std::to_string(bank_port), directory.string()};
  std::vector<std::string> command{program(options.kind)};
  switch (options.kind) {
    case Kind::apache2:
      std::ofstream(file) << apache2(options, identity, place);
      command.insert(command.end(), {"-D", "FOREGROUND", "-f", file.string()});
      break;
    case Kind::nginx:
      std::ofstream(file) << nginx(options, identity, place);
      command.insert(command.end(), {"-p", directory.string(), "-c", file.string(), "-e", "stderr"});
      break;
    case Kind::haproxy:
      std::ofstream(file) << haproxy(options, identity, place);
      command.insert(command.end(), {"-db", "-f", file.string()});
      break;
  }
  process_ = std::make_unique<ServerProcess>(command, port_, directory / "log");
}

}  // namespace koshin::test
