// SPDX-License-Identifier: MIT
#include "proxy_surroundings.hpp"

#include <fstream>

#include "sockets.hpp"

namespace koshin::test {

namespace {

constexpr const char* python = "/usr/bin/python3";

std::vector<std::string> service_with(const std::vector<std::string>& answer) {
  if (answer.empty()) return {};
  std::vector<std::string> service{KOSHIN_PORTAL};
  service.insert(service.end(), answer.begin(), answer.end());
  return service;
}

}  // namespace

ScriptServer::ScriptServer(const std::filesystem::path& directory, const std::string& script)
    : port_(enrollment::test::closed_port()) {
  std::filesystem::create_directories(directory / "www");
  std::ofstream(directory / "www" / "proxy.pac") << script;
  process_ = std::make_unique<ServerProcess>(
      std::vector<std::string>{python, "-m", "http.server", std::to_string(port_), "--bind", "127.0.0.1",
                               "--directory", (directory / "www").string()},
      port_, directory / "www.log");
}

PortalDesktop::PortalDesktop(const std::filesystem::path& directory, const std::vector<std::string>& answer)
    : bus_(directory, service_with(answer)) {}

}  // namespace koshin::test
