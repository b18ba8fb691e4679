// SPDX-License-Identifier: MIT
// The table of connections tells the process of each socket, and the process its user.
#include "foundation/system/peer_owner.hpp"

// Before windows.h, which would bring an older winsock.
#include <winsock2.h>
#include <ws2tcpip.h>
// After them.
#include <iphlpapi.h>
#include <windows.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "foundation/system/process_owner_windows.hpp"

namespace koshin {

namespace {

/// All connections of one family; empty where the system does not tell them.
std::vector<std::max_align_t> table_of(ULONG family) {
  constexpr int most_attempts =
      8;  // connections may come between the question for the size and the one for the table
  std::vector<std::max_align_t> table;
  ULONG size = 0;
  for (int i = 0; i < most_attempts; ++i) {
    const DWORD code = GetExtendedTcpTable(table.empty() ? nullptr : table.data(), &size, FALSE, family,
                                           TCP_TABLE_OWNER_PID_CONNECTIONS, 0);
    if (code == NO_ERROR && !table.empty()) return table;
    if (code != ERROR_INSUFFICIENT_BUFFER) return {};
    table.resize(size / sizeof(std::max_align_t) + 1);
    size = static_cast<ULONG>(table.size() * sizeof(std::max_align_t));
  }
  return {};
}

/// The tables have addresses and ports as the network does.
bool is_port(DWORD shown, std::uint16_t port) {
  return ntohs(static_cast<std::uint16_t>(shown)) == port;
}

/// A client's dual-stack socket is shown with its mapped address, ::ffff:a.b.c.d.
bool is_mapped(const UCHAR (&shown)[16], std::uint32_t address) {
  static constexpr std::array<UCHAR, 12> prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  const std::uint32_t in_network_order = htonl(address);
  return std::memcmp(shown, prefix.data(), prefix.size()) == 0 &&
         std::memcmp(shown + prefix.size(), &in_network_order, sizeof in_network_order) == 0;
}

bool is_about(const MIB_TCPROW_OWNER_PID& row, const Connection& connection) {
  return row.dwLocalAddr == htonl(connection.peer.address) &&
         row.dwRemoteAddr == htonl(connection.own.address);
}

bool is_about(const MIB_TCP6ROW_OWNER_PID& row, const Connection& connection) {
  return is_mapped(row.ucLocalAddr, connection.peer.address) &&
         is_mapped(row.ucRemoteAddr, connection.own.address);
}

template <class Table>
std::optional<DWORD> find_process(ULONG family, const Connection& connection) {
  const auto memory = table_of(family);
  if (memory.empty()) return std::nullopt;
  const Table& table = *reinterpret_cast<const Table*>(memory.data());
  const std::span rows(table.table, table.dwNumEntries);
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
    return row.dwState == MIB_TCP_STATE_ESTAB && is_port(row.dwLocalPort, connection.peer.port) &&
           is_port(row.dwRemotePort, connection.own.port) && is_about(row, connection);
  });
  return found == rows.end() ? std::nullopt : std::optional(found->dwOwningPid);
}

/// The process of the peer's socket, by all four of addresses and ports; empty when there is no such
/// established connection.
std::optional<DWORD> peer_process(const Connection& connection) {
  const auto process = find_process<MIB_TCPTABLE_OWNER_PID>(AF_INET, connection);
  return process ? process : find_process<MIB_TCP6TABLE_OWNER_PID>(AF_INET6, connection);
}

}  // namespace

/// A process may end and its number be given to another one: it is held open, and then the table is asked
/// once more. A socket that is still its process's then was so while the process was held.
bool peer_is_self(const Connection& connection) {
  if (connection.peer.address != loopback_address) return false;
  const auto number = peer_process(connection);
  if (!number) return false;
  const Handle process = open_process(*number);
  return process && belongs_to_this_user(process.get()) && peer_process(connection) == number;
}

bool peers_can_be_told() {
  return true;
}

}  // namespace koshin
