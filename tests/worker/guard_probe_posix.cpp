// SPDX-License-Identifier: MIT
// A worker in little: goes on under a guard, starts a process that would outlive it, says the numbers of
// both, and ends as argv[1] says.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>

#include "foundation/system/process_tree.hpp"
#include "worker/guard.hpp"

namespace {

[[noreturn]] void sleep_for_ever() {
  while (true) pause();
}

/// It has its handler for the end of children, which comes last.
bool guard_is_ready() {
  std::ifstream status("/proc/" + std::to_string(getppid()) + "/status");
  constexpr std::string_view caught = "SigCgt:";
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(caught))
      return (std::stoull(line.substr(caught.size()), nullptr, 16) >> (SIGCHLD - 1) & 1U) != 0;
  }
  return false;
}

[[noreturn]] void end(std::string_view how) {
  if (how == "crashes") {
    std::signal(SIGSEGV, SIG_DFL);  // sanitizers take it for themselves
    std::raise(SIGSEGV);
  }
  if (how == "exits inside") koshin::worker::enter_module();
  if (how == "hangs") sleep_for_ever();
  if (how == "ends") koshin::process_tree::end_process(5);
  _exit(5);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 99;
  koshin::worker::go_on_under_guard();
  koshin::process_tree::adopt_orphans();
  const pid_t left = fork();
  if (left == 0) {
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) std::signal(number, SIG_IGN);
    sleep_for_ever();
  }
  // The guard gets ready beside it. What a worker loads, and what that starts, comes later.
  while (!guard_is_ready()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::cout << getpid() << '\n' << left << std::endl;
  end(argv[1]);
}
