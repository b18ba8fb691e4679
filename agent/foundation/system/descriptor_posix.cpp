// SPDX-License-Identifier: MIT
#include "foundation/system/descriptor_posix.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace koshin {

int out_of_reach(int descriptor) noexcept {
  if (descriptor < 0 || descriptor > STDERR_FILENO) return descriptor;
  const int high = ::fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  const int error = errno;
  ::close(descriptor);
  errno = error;
  return high;
}

}  // namespace koshin
