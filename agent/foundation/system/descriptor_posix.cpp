// SPDX-License-Identifier: MIT
// File descriptors on POSIX systems.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "foundation/system/descriptor.hpp"

namespace koshin {

std::size_t read_some(int descriptor, std::span<char> into) {
  while (true) {
    const ssize_t count = ::read(descriptor, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "read");
  }
}

void write_all(int descriptor, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::system_error(errno, std::generic_category(), "write");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

namespace {

int require(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

}  // namespace

int keep_own(int descriptor) {
  return require(::fcntl(descriptor, F_DUPFD_CLOEXEC, 3), "F_DUPFD_CLOEXEC");
}

int out_of_reach(int descriptor) noexcept {
  if (descriptor < 0 || descriptor > STDERR_FILENO) return descriptor;
  const int high = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  const int error = errno;
  ::close(descriptor);
  errno = error;
  return high;
}

void lead_to(int target, int descriptor) {
  if (target == descriptor)
    require(::fcntl(descriptor, F_SETFD, 0), "F_SETFD");
  else
    require(::dup2(target, descriptor), "dup2");
}

void lead_nowhere(int descriptor, Direction direction) {
  const int flags = direction == Direction::reading ? O_RDONLY : O_WRONLY;
  const int null = require(::open("/dev/null", flags | O_CLOEXEC), "open /dev/null");
  lead_to(null, descriptor);
  if (null != descriptor) ::close(null);
}

}  // namespace koshin
