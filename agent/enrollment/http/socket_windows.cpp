// SPDX-License-Identifier: MIT
// Sockets on Windows.
#include <winsock2.h>

#include <windows.h>

#include "enrollment/http/socket.hpp"

namespace koshin::enrollment {

NativeSocket open_socket(int family, int type, int protocol) noexcept {
  // A socket is no standard handle here, whatever a module has closed.
  return ::WSASocketW(family, type, protocol, nullptr, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

long connection_refused() noexcept {
  return WSAECONNREFUSED;
}

}  // namespace koshin::enrollment
