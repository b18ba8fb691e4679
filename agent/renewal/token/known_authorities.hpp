// SPDX-License-Identifier: MIT
// What an authority has said of its own certificates (/cacerts), kept for the inventory of tokens, which then
// knows without asking which issuers' keys count as one; and for TLS, which then shows the issuers of a
// certificate from the first connection on, also in a run that has no need to ask.
#pragma once

#include "foundation/settings/settings.hpp"
#include "renewal/token/issuers.hpp"

namespace koshin::renewal {

/// Keeps what the settings' authority has sent, over a connection that was verified, in place of what it sent
/// before. True when there is something new. Trouble is only logged: this is a memory, no record.
bool remember_authorities(const Settings& settings, const Certificates& certificates);
/// Empty when nothing was kept of this authority, or it cannot be read.
Certificates remembered_authorities(const Settings& settings);

/// Keeps, beside what was kept before, the authorities among what came along with a certificate that was
/// issued. They are of use on the way from it to an anchor; nobody vouches for them.
void remember_issuers(const Settings& settings, const Certificates& others);
/// Empty when nothing was kept.
Certificates remembered_issuers(const Settings& settings);

}  // namespace koshin::renewal
