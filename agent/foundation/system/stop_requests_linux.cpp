// SPDX-License-Identifier: MIT
// SIGTERM and SIGINT ask to end, SIGHUP to read the settings again. They are blocked and come through a
// signalfd: nothing has to be async-signal-safe, and no call of a module is interrupted.
#include "foundation/system/stop_requests.hpp"

#include <poll.h>
#include <signal.h>  // sigset_t and pthread_sigmask are not in <csignal>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace koshin {

StopRequests::StopRequests() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
  if (const int error = ::pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0)
    throw std::system_error(error, std::generic_category(), "pthread_sigmask");
  requests_ = Handle(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!requests_) throw std::system_error(errno, std::generic_category(), "signalfd");
}

std::optional<StopRequests::Request> StopRequests::take() const {
  signalfd_siginfo signal{};
  if (::read(requests_.get(), &signal, sizeof signal) != sizeof signal) return {};
  return signal.ssi_signo == SIGHUP ? Request::reload : Request::end;
}

StopRequests::Request StopRequests::wait() const {
  pollfd ready{requests_.get(), POLLIN, 0};
  while (true) {
    (void)::poll(&ready, 1, -1);
    if (const auto request = take()) return *request;
  }
}

}  // namespace koshin
