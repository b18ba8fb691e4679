// SPDX-License-Identifier: MIT
// fork, exec and reading until the end; every wait has a limit.
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "program_run.hpp"

namespace koshin::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{120};

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  ::signal(SIGPIPE, SIG_DFL);
  ::execv(program.c_str(), argv.data());
  ::_exit(127);
}

int exit_code_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

[[noreturn]] void give_up(pid_t child, const std::string& seen) {
  ::kill(child, SIGKILL);
  exit_code_of(child);
  throw std::runtime_error("koshin did not end, or not ask what was expected; it wrote:\n" + seen);
}

/// Appends what there is to `text`; false at the end. A closed pseudo-terminal is an end as well.
bool take(int descriptor, std::string& text) {
  std::array<char, 4096> buffer{};
  const auto count = ::read(descriptor, buffer.data(), buffer.size());
  if (count <= 0) return count < 0 && errno == EINTR;
  text.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

void write_input(int descriptor, const std::string& input) {
  if (::write(descriptor, input.data(), input.size()) != static_cast<ssize_t>(input.size()) && errno != EPIPE)
    throw std::runtime_error("cannot write to koshin");
}

void read_until_end(pid_t child, int out, int err, RunResult& result) {
  const auto limit = Clock::now() + patience;
  bool out_open = true, err_open = true;
  while (out_open || err_open) {
    if (Clock::now() > limit) give_up(child, result.out + result.err);
    std::array<pollfd, 2> entries{pollfd{out_open ? out : -1, POLLIN, 0},
                                  pollfd{err_open ? err : -1, POLLIN, 0}};
    ::poll(entries.data(), entries.size(), 1000);
    if (entries[0].revents != 0) out_open = take(out, result.out);
    if (entries[1].revents != 0) err_open = take(err, result.err);
  }
}

RunResult run(const std::string& program, const std::vector<std::string>& arguments,
              const std::string& input) {
  std::array<std::array<int, 2>, 3> pipes{};
  for (auto& pipe : pipes)
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork");
  if (child == 0) {
    ::dup2(pipes[0][0], STDIN_FILENO);
    ::dup2(pipes[1][1], STDOUT_FILENO);
    ::dup2(pipes[2][1], STDERR_FILENO);
    become(program, arguments);
  }
  ::close(pipes[0][0]);
  ::close(pipes[1][1]);
  ::close(pipes[2][1]);
  ::signal(SIGPIPE, SIG_IGN);
  write_input(pipes[0][1], input);
  ::close(pipes[0][1]);
  RunResult result;
  read_until_end(child, pipes[1][0], pipes[2][0], result);
  ::close(pipes[1][0]);
  ::close(pipes[2][0]);
  result.exit_code = exit_code_of(child);
  return result;
}

std::string beside_koshin(const std::string& name) {
  const std::string koshin = KOSHIN_PROGRAM;
  return koshin.substr(0, koshin.rfind('/') + 1) + name;
}

RunResult run_on_terminal(const std::string& program, const std::vector<std::string>& arguments,
                          const std::vector<Answer>& answers);

}  // namespace

RunResult run_koshin(const std::vector<std::string>& arguments, const std::string& input) {
  return run(KOSHIN_PROGRAM, arguments, input);
}

RunResult run_program(const std::string& name, const std::vector<std::string>& arguments) {
  return run(beside_koshin(name), arguments, "");
}

RunResult run_in_shell(const std::string& line, const std::string& input) {
  return run("/bin/sh", {"-c", "koshin='" KOSHIN_PROGRAM "'; " + line}, input);
}

RunResult run_koshin_on_terminal(const std::vector<std::string>& arguments,
                                 const std::vector<Answer>& answers) {
  return run_on_terminal(KOSHIN_PROGRAM, arguments, answers);
}

RunResult run_program_on_terminal(const std::string& name, const std::vector<std::string>& arguments,
                                  const std::vector<Answer>& answers) {
  return run_on_terminal(beside_koshin(name), arguments, answers);
}

namespace {

RunResult run_on_terminal(const std::string& program, const std::vector<std::string>& arguments,
                          const std::vector<Answer>& answers) {
  int terminal = -1;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child < 0) throw std::runtime_error("forkpty");
  if (child == 0) become(program, arguments);
  RunResult result;
  std::size_t answered_up_to = 0;
  auto next = answers.begin();
  const auto limit = Clock::now() + patience;
  for (bool open = true; open;) {
    if (Clock::now() > limit) give_up(child, result.out);
    pollfd entry{terminal, POLLIN, 0};
    if (::poll(&entry, 1, 1000) > 0) open = take(terminal, result.out);
    if (next == answers.end() || result.out.find(next->prompt, answered_up_to) == std::string::npos) continue;
    answered_up_to = result.out.size();
    write_input(terminal, next->typed);
    ++next;
  }
  ::close(terminal);
  result.exit_code = exit_code_of(child);
  if (next != answers.end())
    throw std::runtime_error("koshin never asked \"" + next->prompt + "\":\n" + result.out);
  return result;
}

}  // namespace

}  // namespace koshin::test
