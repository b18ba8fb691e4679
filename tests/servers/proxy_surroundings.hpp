// SPDX-License-Identifier: MIT
// What names proxies in a company: a web server with a proxy script, a desktop with a portal.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "server_process.hpp"
#include "support/session_bus.hpp"

namespace koshin::test {

/// Python's HTTP server with a folder that has proxy.pac in it.
class ScriptServer {
 public:
  ScriptServer(const std::filesystem::path& directory, const std::string& script);
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/proxy.pac"; }

 private:
  int port_;
  std::unique_ptr<ServerProcess> process_;
};

/// A session bus of the test's own, which this process's children find, and on it a portal with this answer
/// (see portal.py); empty: a bus without a portal.
class PortalDesktop {
 public:
  PortalDesktop(const std::filesystem::path& directory, const std::vector<std::string>& answer);
  /// The next question that the portal was asked; empty: none came.
  std::string question() { return bus_.line_of_service(); }

 private:
  SessionBus bus_;
};

}  // namespace koshin::test
