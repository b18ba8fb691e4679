// SPDX-License-Identifier: MIT
// Acknowledgements without delay: one for each segment.
#include <winsock2.h>

#include <mstcpip.h>

#include "enrollment/http/tcp_acknowledgement.hpp"

#ifndef SIO_TCP_SET_ACK_FREQUENCY  // mingw-w64 10 lacks it
#define SIO_TCP_SET_ACK_FREQUENCY _WSAIOW(IOC_VENDOR, 23)
#endif

namespace koshin::enrollment {

void acknowledge_at_once(NativeSocket socket) noexcept {
  int segments = 1;
  DWORD ignored = 0;
  (void)::WSAIoctl(socket, SIO_TCP_SET_ACK_FREQUENCY, &segments, sizeof segments, nullptr, 0, &ignored,
                   nullptr, nullptr);
}

}  // namespace koshin::enrollment
