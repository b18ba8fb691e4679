// SPDX-License-Identifier: MIT
// Descriptors 0 to 2 on POSIX systems: a new descriptor gets the lowest number that is free.
#include "foundation/system/standard_streams.hpp"

#include <fcntl.h>
#include <signal.h>  // SIGXFSZ is not in <csignal>
#include <unistd.h>

#include <cerrno>

namespace koshin {
namespace {

bool is_closed(int descriptor) {
  return ::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF;
}

/// In ascending order of descriptors: those below `descriptor` are open. Without O_CLOEXEC: children need
/// theirs.
void fill(int descriptor, int flags) {
  if (is_closed(descriptor)) (void)::open("/dev/null", flags);  // NOLINT(android-cloexec-open)
}

}  // namespace

void begin_program() noexcept {
  open_standard_streams();
  (void)::signal(SIGXFSZ, SIG_IGN);
}

void open_standard_streams() noexcept {
  fill(STDIN_FILENO, O_RDONLY);
  fill(STDOUT_FILENO, O_RDONLY);  // not writable: see the header
  fill(STDERR_FILENO, O_WRONLY);
}

}  // namespace koshin
