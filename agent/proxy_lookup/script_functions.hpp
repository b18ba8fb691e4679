// SPDX-License-Identifier: MIT
// The functions that proxy scripts expect to be there ("Proxy Auto-Configuration (PAC) file" of MDN), beside
// dnsResolve() and myIpAddress().
#pragma once

#include <string>

namespace koshin::proxy_lookup {

/// Their JavaScript (ECMAScript 5).
std::string script_functions();

}  // namespace koshin::proxy_lookup
