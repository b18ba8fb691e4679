// SPDX-License-Identifier: MIT
// Certificates of authorities that TLS may show beside the user's own.
#pragma once

#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/token/issuers.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

/// Those on the token; what cannot be read is passed over.
std::vector<enrollment::Certificate> authorities_on(const OpenToken& token);

/// All that are known without asking anybody: those on the token, what the authority has told this computer
/// before, and those that the settings name. What is shown of them is for the chain of a certificate to say.
Certificates authorities_at_hand(const OpenToken& token, const Settings& settings);

}  // namespace koshin::renewal
