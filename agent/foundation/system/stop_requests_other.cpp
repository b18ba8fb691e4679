// SPDX-License-Identifier: MIT
// SIGTERM and SIGINT ask to end, SIGHUP to read the settings again. They are blocked, and a thread waits for
// them and writes their numbers into a pipe: nothing has to be async-signal-safe, and no call of a module is
// interrupted.
#include "foundation/system/stop_requests.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // sigset_t and pthread_sigmask are not in <csignal>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "foundation/system/blocked_signals_posix.hpp"
#include "foundation/system/detached_thread.hpp"
#include "foundation/system/pipe.hpp"

namespace koshin {
namespace {

sigset_t requests() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
  return set;
}

[[noreturn]] void pass_on(int to) {
  const sigset_t set = requests();
  while (true) {
    int number = 0;
    if (::sigwait(&set, &number) != 0) continue;
    const auto byte = static_cast<char>(number);
    [[maybe_unused]] const auto written = ::write(to, &byte, 1);  // a pipe full of requests has enough
  }
}

extern "C" void koshin_request_came(int /*number*/) {}

/// Not every system keeps a blocked signal for sigwait() that is ignored, as nohup leaves SIGHUP.
void hear_what_was_ignored() {
  struct sigaction empty {};
  empty.sa_handler = koshin_request_came;
  sigemptyset(&empty.sa_mask);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    struct sigaction now {};
    if (::sigaction(number, nullptr, &now) == 0 && (now.sa_flags & SA_SIGINFO) == 0 &&
        now.sa_handler == SIG_IGN)
      (void)::sigaction(number, &empty, nullptr);
  }
}

/// Of the process, to its end, as its thread is: no exit handler closes it.
const Pipe& passed_on() {
  static const Pipe* const pipe = [] {
    auto made = std::make_unique<Pipe>(Pipe::make());
    for (const Handle* const end : {&made->reading, &made->writing}) ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
    const BlockedSignals blocked;
    start_detached_thread([to = made->writing.get()] { pass_on(to); });
    return made.release();
  }();
  return *pipe;
}

}  // namespace

StopRequests::StopRequests() {
  const sigset_t set = requests();
  if (const int error = ::pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0)
    throw std::system_error(error, std::generic_category(), "pthread_sigmask");
  hear_what_was_ignored();
  requests_ = Handle(::fcntl(passed_on().reading.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!requests_) throw std::system_error(errno, std::generic_category(), "F_DUPFD_CLOEXEC");
}

std::optional<StopRequests::Request> StopRequests::take() const {
  char number = 0;
  if (::read(requests_.get(), &number, 1) != 1) return {};
  return number == SIGHUP ? Request::reload : Request::end;
}

StopRequests::Request StopRequests::wait() const {
  pollfd ready{requests_.get(), POLLIN, 0};
  while (true) {
    (void)::poll(&ready, 1, -1);
    if (const auto request = take()) return *request;
  }
}

}  // namespace koshin
