// SPDX-License-Identifier: MIT
// Immediate TCP acknowledgements. Internal to this module and its tests.
#pragma once

namespace koshin::enrollment {

/// Switches delayed acknowledgements off. A server that writes header and body separately with Nagle's
/// algorithm sends the body when the header is acknowledged, which systems delay by about 40 ms. To be called
/// after each wait for `socket`: the system switches back by itself. Without effect where unsupported.
void acknowledge_at_once(int socket) noexcept;

}  // namespace koshin::enrollment
