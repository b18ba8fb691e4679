// SPDX-License-Identifier: MIT
// Which servers are reached without a proxy. Internal to this module.
#pragma once

#include <string>

namespace koshin::enrollment {

/// Whether `no_proxy` (libcurl's CURLOPT_NOPROXY) excludes the server of `url`, as libcurl decides it. Opens
/// no connection.
bool is_without_proxy(const std::string& no_proxy, const std::string& url);

}  // namespace koshin::enrollment
