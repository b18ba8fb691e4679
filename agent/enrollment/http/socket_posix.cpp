// SPDX-License-Identifier: MIT
// Sockets on POSIX systems.
#include "enrollment/http/socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

#include "foundation/system/descriptor_posix.hpp"

namespace koshin::enrollment {

NativeSocket open_socket(int family, int type, int protocol) noexcept {
  const int socket = out_of_reach(::socket(family, type, protocol));
  if (socket >= 0) (void)::fcntl(socket, F_SETFD, FD_CLOEXEC);
  return socket;
}

long connection_refused() noexcept {
  return ECONNREFUSED;
}

}  // namespace koshin::enrollment
