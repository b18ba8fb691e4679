// SPDX-License-Identifier: MIT
// Whose process is at the other end of a connection on the loopback interface. The page's address can be read
// from a process list by everyone on the machine; connections of other users are refused before a byte is
// read from them.
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

/// Both ends of a connection that this process has accepted. Only the two of them together name one
/// connection: anybody may bind 127.0.0.2 with the port number of somebody else's socket on 127.0.0.1.
struct Connection {
  Endpoint peer, own;
};

/// What the kernel says when it is asked for one connection.
struct KernelAnswer {
  enum class Kind { none, no_such_connection, owner };
  Kind kind = Kind::none;
  std::uint32_t owner = 0;
};
using AskKernel = std::function<KernelAnswer(const Connection&)>;
KernelAnswer ask_kernel(const Connection& connection);

/// The owner of the socket at the peer's end; empty when there is no such established connection. A kernel
/// that says nothing is asked once more.
std::optional<std::uint32_t> peer_owner(const Connection& connection, const AskKernel& ask = ask_kernel);
/// True when that socket is bound to 127.0.0.1 and belongs to the user this process runs as.
bool peer_is_self(const Connection& connection);
/// The owner over the text of one /proc/net/tcp or /proc/net/tcp6 table.
std::optional<std::uint32_t> find_owner(std::string_view table, const Connection& connection);

}  // namespace koshin::ui
