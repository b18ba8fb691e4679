// SPDX-License-Identifier: MIT
// Starting and ending servers.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "server_process.hpp"
#include "sockets.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {

namespace {

using namespace std::chrono_literals;

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A group of its own, so that what the server starts ends with it.
int spawn(const std::vector<std::string>& command, const std::filesystem::path& input,
          const std::filesystem::path& output, const std::map<std::string, std::string>& environment) {
  const int pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  dup2(open(input.c_str(), O_RDONLY), STDIN_FILENO);
  const int log = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& word : command)
    arguments.push_back(const_cast<char*>(word.c_str()));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  arguments.push_back(nullptr);
  execv(arguments.front(), arguments.data());
  _exit(127);
}

}  // namespace

bool is_installed(const std::filesystem::path& program) {
  return access(program.c_str(), X_OK) == 0;
}

void run_program(const std::vector<std::string>& command,
                 const std::map<std::string, std::string>& environment, const std::string& input) {
  const TemporaryDirectory directory;
  const auto log = directory.path() / "log", typed = directory.path() / "input";
  std::ofstream(typed) << input;
  int status = 0;
  waitpid(spawn(command, typed, log, environment), &status, 0);
  if (status != 0) throw std::runtime_error(command.front() + ": " + contents(log));
}

ServerProcess::ServerProcess(const std::vector<std::string>& command, int port,
                             const std::filesystem::path& log,
                             const std::map<std::string, std::string>& environment)
    : pid_(spawn(command, "/dev/null", log, environment)) {
  try {
    wait_for(port, log);
  } catch (const std::exception&) {
    kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    throw;
  }
}

void ServerProcess::wait_for(int port, const std::filesystem::path& log) {
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < until) {
    if (const int probe = enrollment::test::connect_to(port); probe >= 0) {
      close(probe);
      return;
    }
    if (waitpid(pid_, nullptr, WNOHANG) == pid_)
      throw std::runtime_error("the server ended: " + contents(log));
    std::this_thread::sleep_for(20ms);
  }
  throw std::runtime_error("the server does not come up: " + contents(log));
}

ServerProcess::~ServerProcess() {
  kill(-pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

}  // namespace koshin::test
