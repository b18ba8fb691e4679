// SPDX-License-Identifier: MIT
// What a proxy script may ask of the computer.
#pragma once

#include <cstddef>

namespace koshin::proxy_lookup {

inline constexpr std::size_t address_size = 16;  ///< of an IPv4 address as text, with its end

/// The first IPv4 address of a host. False where it has none.
bool resolve_to_ipv4(const char* host, char (&address)[address_size]) noexcept;  // NOLINT(*-avoid-c-arrays)

/// The IPv4 address from which this computer would reach others; "127.0.0.1" without a network. Sends
/// nothing.
void own_ipv4(char (&address)[address_size]) noexcept;  // NOLINT(*-avoid-c-arrays)

/// Ends the process when it has used a processor for so long, counted from its start.
void limit_processor(unsigned long seconds) noexcept;

}  // namespace koshin::proxy_lookup
