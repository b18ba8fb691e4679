// SPDX-License-Identifier: MIT
// The owner of a connection's other end, as Linux tells it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "foundation/system/peer_owner.hpp"

namespace koshin {

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
/// The owner by the text of /proc/net/tcp or /proc/net/tcp6.
std::optional<std::uint32_t> find_owner(std::string_view table, const Connection& connection);

}  // namespace koshin
