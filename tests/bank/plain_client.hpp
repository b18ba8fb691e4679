// SPDX-License-Identifier: MIT
// One HTTP exchange without TLS, for the control port.
#pragma once

#include <string>

namespace koshin::bank {

/// Returns the whole answer, headers and all. `host` replaces the Host header.
std::string plain_request(const std::string& url, const std::string& method, const std::string& path,
                          const std::string& body, const std::string& host = "");

}  // namespace koshin::bank
