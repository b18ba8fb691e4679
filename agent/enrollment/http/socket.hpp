// SPDX-License-Identifier: MIT
// The sockets that lead to the authority. Internal to this module and its tests.
#pragma once

#include <curl/curl.h>

namespace koshin::enrollment {

/// int or SOCKET: libcurl knows.
using NativeSocket = curl_socket_t;

/// One that children do not inherit and that passes for no standard stream: what the token's module still
/// writes to one that it has closed must not go to the authority. CURL_SOCKET_BAD when there is none.
NativeSocket open_socket(int family, int type, int protocol) noexcept;

/// What CURLINFO_OS_ERRNO is after a connection that nobody listens for: a number of errno, and on Windows
/// one of Winsock, where errno's ECONNREFUSED is another.
long connection_refused() noexcept;

}  // namespace koshin::enrollment
