// SPDX-License-Identifier: MIT
// Whose the peer of a loopback connection is. Every user of the machine may connect to the page's port, and
// can read its address from a process list of some systems; connections of other users are refused before a
// byte is read. The doctor asks beforehand whether there can be a page.
#pragma once

#include <cstdint>

namespace koshin {

inline constexpr std::uint32_t loopback_address = 0x7F000001;

/// An IPv4 address, as a number (127.0.0.1 is 0x7F000001), and a port.
struct Endpoint {
  std::uint32_t address = loopback_address;
  std::uint16_t port = 0;
};

/// Both ends of an accepted connection. Only both together identify a connection: any user may bind 127.0.0.2
/// with the port number of another user's socket on 127.0.0.1.
struct Connection {
  Endpoint peer, own;
};

/// Whether the peer's socket is bound to 127.0.0.1 and belongs to the user of this process.
bool peer_is_self(const Connection& connection);
/// Whether koshin knows how this system tells whose a connection is. Where not, peer_is_self() is true of
/// nobody: a page would be served to no browser, and none should be opened.
bool peers_can_be_told();

}  // namespace koshin
