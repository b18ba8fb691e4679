// SPDX-License-Identifier: MIT
// Writing into a pipe that nobody reads is an error and no signal.
#pragma once

#include <signal.h>  // sigset_t is not in <csignal>

namespace koshin {

/// Keeps SIGPIPE from this thread while it writes, whatever the program does about that signal elsewhere. A
/// system that cannot take back the one of this write, or sends it to another thread, ignores the signal from
/// then on in the whole program, unless that has a handler for it. Waits for nothing.
class WithoutSigpipe {
 public:
  WithoutSigpipe() noexcept;
  ~WithoutSigpipe();
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t before_{};
  bool was_pending_ = false;
};

}  // namespace koshin
