// SPDX-License-Identifier: MIT
// A thread for each child, in waitid(2): it writes into a pipe when the child has ended.
#include "foundation/system/process_end_posix.hpp"

#include <signal.h>  // kill is not in <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "foundation/system/blocked_signals_posix.hpp"
#include "foundation/system/detached_thread.hpp"
#include "foundation/system/pipe.hpp"
#include "foundation/system/sigpipe_posix.hpp"

namespace koshin {

Handle watch_process_end(int process) {
  Pipe pipe = Pipe::make();
  // The program's signals are for the threads that wait for them, or that are to be interrupted by them.
  const BlockedSignals blocked;
  start_detached_thread([process, held = std::make_shared<Handle>(std::move(pipe.writing))] {
    siginfo_t ignored{};
    while (::waitid(P_PID, static_cast<id_t>(process), &ignored, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    // A byte, since a process that was forked meanwhile may hold this end too. Nobody may read it any more.
    const WithoutSigpipe guard;
    [[maybe_unused]] const auto written = ::write(held->get(), "x", 1);
  });
  return std::move(pipe.reading);
}

void send_signal(const Handle& /*end*/, int process, int number) noexcept {
  // Between the two calls somebody may reap it, and its number be another's: POSIX has nothing better.
  siginfo_t ignored{};
  if (::waitid(P_PID, static_cast<id_t>(process), &ignored, WEXITED | WNOHANG | WNOWAIT) == 0)
    (void)::kill(process, number);
}

}  // namespace koshin
