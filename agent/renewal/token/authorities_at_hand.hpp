// SPDX-License-Identifier: MIT
// CA certificates that TLS may send beside the user's own certificate.
#pragma once

#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/token/issuers.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

/// The CA certificates on the token; unreadable ones are skipped.
std::vector<enrollment::Certificate> authorities_on(const OpenToken& token);

/// All CA certificates known without a connection: those on the token, those that the authority has sent to
/// this computer before, and the anchors of the settings. The chain of a certificate determines which of them
/// TLS sends.
Certificates authorities_at_hand(const OpenToken& token, const Settings& settings);

}  // namespace koshin::renewal
