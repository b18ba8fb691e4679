// SPDX-License-Identifier: MIT
// Process restrictions, and a deadline that nothing in the process can postpone.
#include <poll.h>
#include <signal.h>  // sigevent and timers are not in <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "foundation/failures/failure.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/secrets/process_restrictions_posix.hpp"
#include "foundation/system/process_tree.hpp"

namespace koshin::hardening {
namespace {

void require(int result, const char* what) {
  if (result != 0)
    fail(Reason::internal_error, std::string(what) + ": " + std::generic_category().message(errno));
}

// Read by the signal handler: set before the timer is armed, never changed while it is.
const char* last_words = nullptr;
std::size_t last_words_size = 0;
int last_words_descriptor = STDOUT_FILENO;
int last_exit_code = 1;

extern "C" void koshin_deadline_reached(int /*number*/, siginfo_t* signal, void* /*context*/) {
  if (signal->si_code != SI_TIMER) return;  // not from the timer
  if (last_words != nullptr) {
    // A parent that does not read must not keep this process alive.
    pollfd output{last_words_descriptor, POLLOUT, 0};
    if (poll(&output, 1, 1000) > 0) (void)!write(last_words_descriptor, last_words, last_words_size);
  }
  process_tree::end_children();
  _exit(last_exit_code);
}

}  // namespace

void protect_process() {
  restrict_process();
  const rlimit no_core{0, 0};
  require(setrlimit(RLIMIT_CORE, &no_core), "RLIMIT_CORE");
  umask(S_IRWXG | S_IRWXO);
}

void set_deadline(std::chrono::seconds limit, const char* before_end, NativeHandle to) {
  // A signal that token modules do not use for themselves, as they do SIGALRM (alarm, sleep).
  const int number = SIGRTMAX - 1;
  static timer_t timer = [number] {
    struct sigaction action {};
    action.sa_sigaction = koshin_deadline_reached;
    action.sa_flags = SA_SIGINFO;
    sigfillset(&action.sa_mask);
    require(sigaction(number, &action, nullptr), "sigaction");
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = number;
    timer_t made{};
    // CLOCK_MONOTONIC stops while the computer sleeps, on Linux at least: closing the lid does not end a
    // renewal.
    require(timer_create(CLOCK_MONOTONIC, &event, &made), "timer_create");
    return made;
  }();
  sigset_t deadline_signal;
  sigemptyset(&deadline_signal);
  sigaddset(&deadline_signal, number);
  pthread_sigmask(SIG_UNBLOCK, &deadline_signal, nullptr);  // one thread that does not block it is enough
  const itimerspec disarm{};
  require(timer_settime(timer, 0, &disarm, nullptr), "timer_settime");
  last_words = before_end;
  last_words_size = before_end == nullptr ? 0 : std::strlen(before_end);
  last_words_descriptor = to;
  last_exit_code = info(Reason::deadline_exceeded).exit_code;
  const itimerspec once{.it_interval = {}, .it_value = {.tv_sec = limit.count(), .tv_nsec = 0}};
  require(timer_settime(timer, 0, &once, nullptr), "timer_settime");
}

}  // namespace koshin::hardening
