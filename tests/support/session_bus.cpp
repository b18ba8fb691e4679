// SPDX-License-Identifier: MIT
#include "support/session_bus.hpp"

#include <chrono>
#include <map>
#include <stdexcept>

namespace koshin::test {
namespace {

std::string next_line(ChildProcess& child) {
  std::string line;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  return child.read_line(line, until) == ChildProcess::Read::line ? line : std::string();
}

}  // namespace

SessionBus::SessionBus(const std::filesystem::path& directory, const std::vector<std::string>& service) {
  const std::string address = "unix:path=" + (directory / "bus").string();
  std::filesystem::remove(directory / "bus");
  bus_ = ChildProcess::start("/usr/bin/dbus-daemon",
                             {"--session", "--nofork", "--print-address", "--address=" + address});
  if (next_line(*bus_).empty()) throw std::runtime_error("dbus-daemon does not start");
  address_.emplace(std::map<std::string, std::string>{{"DBUS_SESSION_BUS_ADDRESS", address}});
  if (service.empty()) return;
  service_ = ChildProcess::start("/usr/bin/python3", service);
  if (next_line(*service_).find("ready") == std::string::npos)
    throw std::runtime_error(service.front() + " does not start");
}

std::string SessionBus::line_of_service() {
  return service_ ? next_line(*service_) : std::string();
}

}  // namespace koshin::test
