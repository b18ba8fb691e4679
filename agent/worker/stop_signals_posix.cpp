// SPDX-License-Identifier: MIT
// Signals are awaited in a thread, which need not be async-signal-safe.
#include "worker/stop_signals.hpp"

#include <pthread.h>
#include <signal.h>  // sigwait and pthread_sigmask are not in <csignal>
#include <unistd.h>

#include <system_error>
#include <thread>

#include "foundation/system/process_tree.hpp"

namespace koshin::worker {

void route_stop_signals(std::stop_source& source) {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);

  sigset_t stop{};
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  sigaddset(&stop, SIGHUP);
  if (const int error = pthread_sigmask(SIG_BLOCK, &stop, nullptr); error != 0) {
    throw std::system_error(error, std::generic_category(), "pthread_sigmask");
  }
  std::thread([stop, &source] {
    int number = 0;
    while (sigwait(&stop, &number) == 0) source.request_stop();
  }).detach();
}

void end_process(int exit_code) noexcept {
  process_tree::end_children();
  ::_exit(exit_code);
}

}  // namespace koshin::worker
