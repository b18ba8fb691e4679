// SPDX-License-Identifier: MIT
// The owner of the peer of a loopback connection. Every user of the machine can read the page's address from
// a process list; connections of other users are refused before a byte is read.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace koshin::ui {

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

/// The kernel's answer about a connection.
struct KernelAnswer {
  enum class Kind { none, no_such_connection, owner };
  Kind kind = Kind::none;
  std::uint32_t owner = 0;
};
using AskKernel = std::function<KernelAnswer(const Connection&)>;
KernelAnswer ask_kernel(const Connection& connection);

/// The owner (UID) of the peer's socket; empty when there is no such established connection. A kernel that
/// gives no answer is asked once more.
std::optional<std::uint32_t> peer_owner(const Connection& connection, const AskKernel& ask = ask_kernel);
/// Whether the peer's socket is bound to 127.0.0.1 and belongs to the user of this process.
bool peer_is_self(const Connection& connection);
/// The owner by the text of /proc/net/tcp or /proc/net/tcp6.
std::optional<std::uint32_t> find_owner(std::string_view table, const Connection& connection);

}  // namespace koshin::ui
