// SPDX-License-Identifier: MIT
// pidfd_open(2): a descriptor that stays the process's own when its number is another's already.
#include "foundation/system/process_end_posix.hpp"

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgot the extern "C" in it
}

#include <cerrno>
#include <system_error>

namespace koshin {

Handle watch_process_end(int process) {
  Handle end(pidfd_open(process, 0));  // not inherited: the system sets FD_CLOEXEC by itself
  if (!end) throw std::system_error(errno, std::generic_category(), "pidfd_open");
  return end;
}

void send_signal(const Handle& end, int /*process*/, int number) noexcept {
  (void)pidfd_send_signal(end.get(), number, nullptr, 0);
}

}  // namespace koshin
