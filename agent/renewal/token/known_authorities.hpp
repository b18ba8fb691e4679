// SPDX-License-Identifier: MIT
// CA certificates that the authority publishes, kept for two uses: the inventory learns which issuer keys
// count as one, and TLS sends the issuers of a certificate from the first connection on, also in a run that
// does not fetch them.
#pragma once

#include "foundation/settings/settings.hpp"
#include "renewal/token/issuers.hpp"

namespace koshin::renewal {

/// Stores the certificates that the settings' authority has sent over a verified connection, in place of the
/// earlier ones. Returns true when they changed. Errors are only logged: the file is a cache.
bool remember_authorities(const Settings& settings, const Certificates& certificates);
/// The stored certificates; empty when there are none for this authority, or they cannot be read.
Certificates remembered_authorities(const Settings& settings);

/// Adds the CA certificates that came with an issued certificate to the stored ones. They help to build
/// chains and are not trusted.
void remember_issuers(const Settings& settings, const Certificates& others);
/// The stored issuers; empty when there are none.
Certificates remembered_issuers(const Settings& settings);

}  // namespace koshin::renewal
