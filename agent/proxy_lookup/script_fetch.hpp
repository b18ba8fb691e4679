// SPDX-License-Identifier: MIT
// Fetching a proxy script.
#pragma once

#include <chrono>
#include <string>

namespace koshin::proxy_lookup {

/// The script behind an http://, https:// or file:// URL, at most `longest_script` of it, without any proxy;
/// TLS is checked against the system's root certificates. Follows three redirects, none to a file. Throws
/// FailureError{proxy_failed}.
std::string fetch_script(const std::string& url, std::chrono::milliseconds limit);

}  // namespace koshin::proxy_lookup
