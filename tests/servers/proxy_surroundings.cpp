// SPDX-License-Identifier: MIT
#include "proxy_surroundings.hpp"

#include <chrono>
#include <fstream>
#include <stdexcept>

#include "sockets.hpp"

namespace koshin::test {

namespace {

constexpr const char* python = "/usr/bin/python3";

std::string next_line(ChildProcess& child) {
  std::string line;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  return child.read_line(line, until) == ChildProcess::Read::line ? line : std::string();
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

PortalDesktop::PortalDesktop(const std::filesystem::path& directory, const std::vector<std::string>& answer) {
  const std::string address = "unix:path=" + (directory / "bus").string();
  std::filesystem::remove(directory / "bus");
  bus_ = ChildProcess::start("/usr/bin/dbus-daemon",
                             {"--session", "--nofork", "--print-address", "--address=" + address});
  if (next_line(*bus_).empty()) throw std::runtime_error("dbus-daemon does not start");
  address_.emplace(std::map<std::string, std::string>{{"DBUS_SESSION_BUS_ADDRESS", address}});
  if (answer.empty()) return;
  std::vector<std::string> words{KOSHIN_PORTAL};
  words.insert(words.end(), answer.begin(), answer.end());
  portal_ = ChildProcess::start(python, words);
  if (next_line(*portal_) != "ready") throw std::runtime_error("portal.py does not start");
}

std::string PortalDesktop::question() {
  return portal_ ? next_line(*portal_) : std::string();
}

}  // namespace koshin::test
