// SPDX-License-Identifier: MIT
// What an authority has said of its own certificates (/cacerts), kept for the inventory of tokens: without
// asking the authority it then knows which issuers' keys count as one.
#pragma once

#include "foundation/settings/settings.hpp"
#include "renewal/token/issuers.hpp"

namespace koshin::renewal {

/// Keeps what the settings' authority has sent, over a connection that was verified, in place of what it sent
/// before. True when there is something new. Trouble is only logged: this is a memory, no record.
bool remember_authorities(const Settings& settings, const Certificates& certificates);
/// Empty when nothing was kept of this authority, or it cannot be read.
Certificates remembered_authorities(const Settings& settings);

}  // namespace koshin::renewal
