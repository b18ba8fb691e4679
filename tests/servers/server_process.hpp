// SPDX-License-Identifier: MIT
// A server from a Debian package, run by a test as an instance of its own.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace koshin::test {

/// True when the program is installed; a test that needs it says which one is missing.
bool is_installed(const std::filesystem::path& program);

/// Runs a program to its end, with the environment extended. Throws std::runtime_error with its output unless
/// it succeeds.
void run_program(const std::vector<std::string>& command,
                 const std::map<std::string, std::string>& environment, const std::string& input = "");

/// Runs in the foreground from construction to destruction; the system ends it with the test's process.
class ServerProcess {
 public:
  /// Returns when 127.0.0.1:port accepts connections. Throws std::runtime_error with the server's own words
  /// when it ends before that, or does not come up.
  ServerProcess(const std::vector<std::string>& command, int port, const std::filesystem::path& log,
                const std::map<std::string, std::string>& environment = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

 private:
  void wait_for(int port, const std::filesystem::path& log);
  int pid_ = -1;
};

}  // namespace koshin::test
