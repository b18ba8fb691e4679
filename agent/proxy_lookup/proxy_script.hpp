// SPDX-License-Identifier: MIT
// A proxy script ("proxy auto-config", PAC): a program in JavaScript with a function FindProxyForURL(url,
// host).
#pragma once

#include <string>

#include "proxy_lookup/script_environment.hpp"

namespace koshin::proxy_lookup {

/// Of all memory that a script may use.
inline constexpr std::size_t script_memory = std::size_t{64} * 1024 * 1024;

/// What FindProxyForURL() of this script says about the server: "PROXY a:3128; DIRECT". It sees the server's
/// name and port, no path. null and undefined are "DIRECT", as browsers have it. The script can look names up
/// and do nothing else outside of its memory; how long it runs is the caller's business, who can end the
/// process. `look_up`: what dnsResolve() asks. Throws FailureError{proxy_failed}.
std::string run_proxy_script(const std::string& script, const std::string& server_url,
                             LookUp look_up = resolve_to_ipv4);

}  // namespace koshin::proxy_lookup
