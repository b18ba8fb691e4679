// SPDX-License-Identifier: MIT
// Whose process is at the other end of a connection on 127.0.0.1. The page's address can be read from a
// process list by everyone on the machine; connections of other users are refused before a byte is read from
// them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace koshin::ui {

/// The owner of the connected socket 127.0.0.1:`peer_port` whose other end is 127.0.0.1:`own_port`; empty
/// when there is none.
std::optional<std::uint32_t> peer_owner(std::uint16_t peer_port, std::uint16_t own_port);
/// True when that socket belongs to the user this process runs as.
bool peer_is_self(std::uint16_t peer_port, std::uint16_t own_port);
/// The same over the text of one /proc/net/tcp or /proc/net/tcp6 table.
std::optional<std::uint32_t> find_owner(std::string_view table, std::uint16_t peer_port,
                                        std::uint16_t own_port);

}  // namespace koshin::ui
