// SPDX-License-Identifier: MIT
// Sockets of connections to the authority. Internal to this module.
#pragma once

namespace koshin::enrollment {

/// A socket that is closed on exec and has a number above 2 (out_of_reach()): a token module that writes to a
/// standard stream which it has closed must not write to the authority. -1 on failure.
int open_socket(int family, int type, int protocol) noexcept;

}  // namespace koshin::enrollment
