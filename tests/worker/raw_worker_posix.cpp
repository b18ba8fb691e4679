// SPDX-License-Identifier: MIT
// fork, exec and pipes.
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

#include "raw_worker.hpp"

namespace koshin::test {

RawWorker::RawWorker(const std::vector<std::string>& arguments, long user) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe2");
  }
  std::vector<std::string> words{KOSHIN_WORKER};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  process_ = ::fork();
  if (process_ == 0) {
    ::umask(S_IWGRP | S_IWOTH);  // which the worker then changes
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    if (user >= 0 && ::setuid(static_cast<uid_t>(user)) != 0) ::_exit(126);
    ::execv(KOSHIN_WORKER, argv.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  to_ = in[1];
  from_ = out[0];
  std::signal(SIGPIPE, SIG_IGN);
}

RawWorker::~RawWorker() {
  if (!waited_) {
    ::kill(process_, SIGKILL);
    wait();
  }
  close_stdin();
  close_stdout();
}

bool RawWorker::write(const std::string& bytes) const {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = ::write(to_, bytes.data() + sent, bytes.size() - sent);
    if (count < 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

void RawWorker::close_stdin() {
  if (to_ >= 0) ::close(to_);
  to_ = -1;
}

void RawWorker::close_stdout() {
  if (from_ >= 0) ::close(from_);
  from_ = -1;
}

std::string RawWorker::read_all() const {
  std::string all;
  std::array<char, 4096> part{};
  for (ssize_t count = 0; (count = ::read(from_, part.data(), part.size())) > 0;) {
    all.append(part.data(), static_cast<std::size_t>(count));
  }
  return all;
}

bool RawWorker::wait_for_output() const {
  pollfd output{from_, POLLIN, 0};
  return ::poll(&output, 1, 30'000) == 1 && (output.revents & POLLIN) != 0;
}

int RawWorker::wait() {
  int status = 0;
  ::waitpid(process_, &status, 0);
  waited_ = true;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void RawWorker::terminate() const {
  ::kill(process_, SIGTERM);
}

pid_t RawWorker::process() const {
  const std::string number = std::to_string(process_);
  std::ifstream children("/proc/" + number + "/task/" + number + "/children");
  pid_t child = -1;
  return children >> child ? child : -1;
}

std::string RawWorker::proc(const std::string& name) const {
  std::ostringstream text;
  text << std::ifstream("/proc/" + std::to_string(process()) + "/" + name, std::ios::binary).rdbuf();
  return text.str();
}

bool RawWorker::wait_until_protected() const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (std::chrono::steady_clock::now() < until) {
    if (proc("status").find("Umask:\t0077") != std::string::npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return false;
}

}  // namespace koshin::test
