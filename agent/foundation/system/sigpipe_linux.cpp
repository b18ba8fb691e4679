// SPDX-License-Identifier: MIT
// Linux sends it to the thread that writes, which takes it back.
#include "foundation/system/sigpipe_posix.hpp"

#include <time.h>

#include <cerrno>

namespace koshin {
namespace {

sigset_t sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  return set;
}

}  // namespace

WithoutSigpipe::Before WithoutSigpipe::hold_back() noexcept {
  Before before;
  sigset_t pending;
  sigpending(&pending);
  before.was_pending = sigismember(&pending, SIGPIPE) == 1;
  const sigset_t set = sigpipe();
  pthread_sigmask(SIG_BLOCK, &set, &before.blocked);
  return before;
}

void WithoutSigpipe::let_come(const Before& before) noexcept {
  const sigset_t set = sigpipe();
  const timespec now{};
  if (!before.was_pending) {
    while (sigtimedwait(&set, nullptr, &now) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before.blocked, nullptr);
}

}  // namespace koshin
