// SPDX-License-Identifier: MIT
// Immediate TCP acknowledgements. Internal to this module and its tests.
#pragma once

#include "enrollment/http/socket.hpp"

namespace koshin::enrollment {

/// A server that writes header and body separately, and leaves Nagle's algorithm on, sends the body when the
/// header is acknowledged, which systems put off by about 40 ms. To be called whenever a wait for `socket` is
/// over: the system falls back by itself. Without effect where the system cannot do it.
void acknowledge_at_once(NativeSocket socket) noexcept;

}  // namespace koshin::enrollment
