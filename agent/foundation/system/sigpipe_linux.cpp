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

WithoutSigpipe::WithoutSigpipe() noexcept {
  sigset_t pending;
  sigpending(&pending);
  was_pending_ = sigismember(&pending, SIGPIPE) == 1;
  const sigset_t set = sigpipe();
  pthread_sigmask(SIG_BLOCK, &set, &before_);
}

WithoutSigpipe::~WithoutSigpipe() {
  const sigset_t set = sigpipe();
  const timespec now{};
  if (!was_pending_) {
    while (sigtimedwait(&set, nullptr, &now) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace koshin
