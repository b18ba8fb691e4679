// SPDX-License-Identifier: MIT
// peer_owner() from the kernel's socket tables of this network namespace.
#include "peer_owner.hpp"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace koshin::ui {

namespace {

// The kernel prints addresses as host-order words: 127.0.0.1 on the little-endian machines we run on and on
// big-endian ones.
constexpr bool little_endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
constexpr std::string_view loopback = little_endian ? "0100007F" : "7F000001";
// ::ffff:127.0.0.1, as a dual-stack client's socket shows it.
constexpr std::string_view mapped =
    little_endian ? "0000000000000000FFFF00000100007F" : "00000000000000000000FFFF7F000001";
constexpr std::string_view established = "01";

bool is_endpoint(std::string_view field, std::uint16_t port) {
  char suffix[6];
  std::snprintf(suffix, sizeof suffix, ":%04X", static_cast<unsigned>(port));
  const auto colon = field.find(':');
  if (colon == std::string_view::npos || field.substr(colon) != suffix) return false;
  const std::string_view address = field.substr(0, colon);
  return address == loopback || address == mapped;
}

std::string read_all(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::optional<std::uint32_t> find_owner(std::string_view table, std::uint16_t peer_port,
                                        std::uint16_t own_port) {
  std::istringstream lines{std::string(table)};
  std::string line;
  std::getline(lines, line);  // column names
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string slot, local, remote, state, queues, timer, retransmits;
    std::uint32_t uid = 0;
    if (!(fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid)) continue;
    if (state == established && is_endpoint(local, peer_port) && is_endpoint(remote, own_port)) return uid;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> peer_owner(std::uint16_t peer_port, std::uint16_t own_port) {
  for (const char* path : {"/proc/self/net/tcp", "/proc/self/net/tcp6"})
    if (const auto owner = find_owner(read_all(path), peer_port, own_port)) return owner;
  return std::nullopt;
}

bool peer_is_self(std::uint16_t peer_port, std::uint16_t own_port) {
  return peer_owner(peer_port, own_port) == geteuid();
}

}  // namespace koshin::ui
