// SPDX-License-Identifier: MIT
// A worker in little: goes on under a guard, starts a process that would outlive it, says the numbers of
// both, and ends as argv[1] says.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <string_view>
#include <thread>

#include "foundation/system/process_tree.hpp"
#include "worker/guard.hpp"

namespace {

[[noreturn]] void sleep_for_ever() {
  while (true) pause();
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
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  std::cout << getpid() << '\n' << left << std::endl;
  end(argv[1]);
}
