// SPDX-License-Identifier: MIT
// What a hook finds of the system, beside what it is told of the certificate.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace koshin::hooks {

using Variables = std::vector<std::pair<std::string, std::string>>;

/// The search path, and who the user is. Not the user's own environment: a hook is written by the
/// administrator, who does not know that one.
Variables system_variables();
/// The folder in which a hook starts.
std::filesystem::path hook_folder();

}  // namespace koshin::hooks
