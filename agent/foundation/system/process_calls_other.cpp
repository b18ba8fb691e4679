// SPDX-License-Identifier: MIT
// fork(2), and what POSIX has to say about the rest.
#include "foundation/system/process_calls_posix.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

namespace koshin {

int start_process(void (*become)(const void* plan), const void* plan) noexcept {
  const pid_t child = ::fork();
  if (child == 0) {
    become(plan);
    ::_exit(127);
  }
  return child;
}

void end_with_parent(int parent) noexcept {
  if (::getppid() != parent) ::_exit(127);
}

void leave_group() noexcept {}

void close_the_rest_on_exec() noexcept {
  // One call for each number that may be open: POSIX does not tell which are. A process may be allowed
  // millions of them, and koshin's own have close-on-exec all the same: what a library has left open beyond
  // this number is inherited.
  constexpr rlim_t most = 65536;
  rlimit allowed{};
  const rlim_t end = ::getrlimit(RLIMIT_NOFILE, &allowed) == 0 ? std::min(allowed.rlim_max, most) : most;
  for (int number = STDERR_FILENO + 1; static_cast<rlim_t>(number) < end; ++number)
    (void)::fcntl(number, F_SETFD, FD_CLOEXEC);
}

void name_process(const char* /*name*/) noexcept {}

int reap_any_child(int& status) noexcept {
  return ::waitpid(-1, &status, WNOHANG);
}

}  // namespace koshin
