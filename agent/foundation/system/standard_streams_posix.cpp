// SPDX-License-Identifier: MIT
// Descriptors 0 to 2 on POSIX systems: a new descriptor gets the lowest number that is free.
#include "foundation/system/standard_streams.hpp"

#include <fcntl.h>
#include <signal.h>  // SIGPIPE and SIGXFSZ are not in <csignal>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

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

int require(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

}  // namespace

NativeHandle standard_handle(StandardStream stream) noexcept {
  switch (stream) {
    case StandardStream::input:
      return STDIN_FILENO;
    case StandardStream::output:
      return STDOUT_FILENO;
    case StandardStream::error:
      break;
  }
  return STDERR_FILENO;
}

void begin_program() noexcept {
  open_standard_streams();
  (void)::signal(SIGXFSZ, SIG_IGN);  // EFBIG then
}

void outlive_readers() noexcept {
  (void)::signal(SIGPIPE, SIG_IGN);
}

void open_standard_streams() noexcept {
  fill(STDIN_FILENO, O_RDONLY);
  fill(STDOUT_FILENO, O_RDONLY);  // not writable: see the header
  fill(STDERR_FILENO, O_WRONLY);
}

Handle keep_own(StandardStream stream) {
  return Handle(
      require(::fcntl(standard_handle(stream), F_DUPFD_CLOEXEC, STDERR_FILENO + 1), "F_DUPFD_CLOEXEC"));
}

void lead_to(NativeHandle target, StandardStream stream) {
  // dup2() would leave FD_CLOEXEC as it is where the two are one.
  if (target == standard_handle(stream))
    require(::fcntl(target, F_SETFD, 0), "F_SETFD");
  else
    require(::dup2(target, standard_handle(stream)), "dup2");
}

bool leads_to_socket(StandardStream stream) noexcept {
  struct stat status = {};
  return ::fstat(standard_handle(stream), &status) == 0 && S_ISSOCK(status.st_mode);
}

void lead_nowhere(StandardStream stream) {
  const int flags = stream == StandardStream::input ? O_RDONLY : O_WRONLY;
  const int null = require(::open("/dev/null", flags | O_CLOEXEC), "open /dev/null");
  lead_to(null, stream);
  if (null != standard_handle(stream)) ::close(null);
}

}  // namespace koshin
