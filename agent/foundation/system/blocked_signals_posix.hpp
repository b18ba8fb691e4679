// SPDX-License-Identifier: MIT
// A time without signals.
#pragma once

#include <signal.h>  // pthread_sigmask is not in <csignal>

#include <cerrno>

namespace koshin {

/// No signal reaches the calling thread as long as this lives, nor ever a thread that it starts meanwhile:
/// what comes is for the other threads, or waits. errno stays.
class BlockedSignals {
 public:
  BlockedSignals() noexcept {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~BlockedSignals() {
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = error;
  }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace koshin
