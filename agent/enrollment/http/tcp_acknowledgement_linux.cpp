// SPDX-License-Identifier: MIT
// Acknowledgements without delay: tcp(7), TCP_QUICKACK.
#include "enrollment/http/tcp_acknowledgement.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace koshin::enrollment {

void acknowledge_at_once(NativeSocket socket) noexcept {
  const int on = 1;
  static_cast<void>(setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on));
}

}  // namespace koshin::enrollment
