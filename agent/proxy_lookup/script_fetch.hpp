// SPDX-License-Identifier: MIT
// Fetching a proxy script.
#pragma once

#include <chrono>
#include <string>

namespace koshin::proxy_lookup {

/// The script behind an http://, https:// or file:// URL, at most `longest_proxy_script` of it, without any
/// proxy; TLS is checked against the system's root certificates. Follows three redirects, none to a file, and
/// from https:// to https:// alone. A file that anybody but root and this user can write is refused. Throws
/// FailureError{proxy_failed}.
std::string fetch_script(const std::string& url, std::chrono::milliseconds limit);

/// The protocols that a redirect from this URL may lead to, as libcurl lists them: a script that is to come
/// over TLS is not fetched in clear because its server says so.
const char* redirect_protocols(const std::string& url);

}  // namespace koshin::proxy_lookup
