// SPDX-License-Identifier: MIT
// The sockets that lead to the authority. Internal to this module.
#pragma once

namespace koshin::enrollment {

/// One that is closed in children and whose number is above 2 (out_of_reach()): what the token's module still
/// writes to a standard stream that it has closed must not go to the authority. -1 when there is none.
int open_socket(int family, int type, int protocol) noexcept;

}  // namespace koshin::enrollment
