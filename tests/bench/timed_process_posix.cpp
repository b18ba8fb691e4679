// SPDX-License-Identifier: MIT
// posix_spawn: it does not copy this process's memory map, so that what is timed is the program.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "bench/timed_process.hpp"

namespace koshin::bench {
namespace {

[[noreturn]] void fail_with(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

/// A pipe that already holds `input`; returns the end to read from.
int pipe_with(const std::string& input) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail_with(errno, "pipe");
  const bool written = ::write(ends[1], input.data(), input.size()) == static_cast<ssize_t>(input.size());
  ::close(ends[1]);
  if (!written) fail_with(errno, "write to pipe");
  return ends[0];
}

}  // namespace

Ended run_timed(const std::vector<std::string>& command, const std::string& input,
                const std::filesystem::path& output, const std::filesystem::path& directory) {
  std::vector<std::string> words = command;
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int stdin_end = pipe_with(input);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, stdin_end, STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
  ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  if (!directory.empty()) ::posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());

  const auto start = std::chrono::steady_clock::now();
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  int status = 0;
  if (error == 0) {
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  const auto end = std::chrono::steady_clock::now();
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(stdin_end);
  if (error != 0) fail_with(error, "start " + command.front());
  return {end - start, WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status)};
}

std::chrono::duration<double, std::milli> must_run(const std::vector<std::string>& command,
                                                   const std::string& input,
                                                   const std::filesystem::path& output,
                                                   const std::filesystem::path& directory) {
  const auto ended = run_timed(command, input, output, directory);
  if (ended.exit_code == 0) return ended.time;
  std::ifstream in(output);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  constexpr std::size_t shown = 2000;
  throw std::runtime_error(command.front() + " ended with " + std::to_string(ended.exit_code) + ": " +
                           text.substr(text.size() > shown ? text.size() - shown : 0));
}

}  // namespace koshin::bench
