// SPDX-License-Identifier: MIT
// A proxy script ("proxy auto-config", PAC): a program in JavaScript with a function FindProxyForURL(url,
// host).
#pragma once

#include <string>

namespace koshin::proxy_lookup {

/// Of a script, and of all memory that it may use.
inline constexpr std::size_t longest_script = std::size_t{1024} * 1024;
inline constexpr std::size_t script_memory = std::size_t{64} * 1024 * 1024;

/// What FindProxyForURL() of this script says about the server: "PROXY a:3128; DIRECT". It sees the server's
/// name and port, no path. null and undefined are "DIRECT", as browsers have it. The script can look names up
/// and do nothing else outside of its memory; how long it runs is the caller's business, who can end the
/// process. Throws FailureError{proxy_failed}.
std::string run_proxy_script(const std::string& script, const std::string& server_url);

}  // namespace koshin::proxy_lookup
