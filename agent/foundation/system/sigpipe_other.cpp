// SPDX-License-Identifier: MIT
// macOS and NetBSD send it to the process, where any thread may take it, and not every system has a call that
// takes a signal without waiting for it. (Children begin with all signals as they are by default.)
#include "foundation/system/sigpipe_posix.hpp"

namespace koshin {

WithoutSigpipe::Before WithoutSigpipe::hold_back() noexcept {
  struct sigaction now {};
  if (::sigaction(SIGPIPE, nullptr, &now) == 0 && (now.sa_flags & SA_SIGINFO) == 0 &&
      now.sa_handler == SIG_DFL)
    (void)::signal(SIGPIPE, SIG_IGN);
  return {};
}

void WithoutSigpipe::let_come(const Before& /*before*/) noexcept {}

}  // namespace koshin
