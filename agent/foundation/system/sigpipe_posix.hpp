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
  WithoutSigpipe() noexcept : before_(hold_back()) {}
  ~WithoutSigpipe() { let_come(before_); }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  struct Before {
    sigset_t blocked{};
    bool was_pending = false;
  };
  static Before hold_back() noexcept;
  static void let_come(const Before& before) noexcept;

  Before before_;
};

}  // namespace koshin
