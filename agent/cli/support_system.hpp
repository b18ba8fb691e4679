// SPDX-License-Identifier: MIT
// What this system's own tools and interfaces tell for a support bundle. Each waits for no service longer
// than for_system, and says why where there is nothing.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "cli/tar_gz.hpp"

namespace koshin::cli {

inline constexpr std::chrono::seconds for_system{15};

/// Lines for versions.txt: the system's version and language, and the versions of what koshin works with.
/// Throws FailureError{interrupted}.
std::string system_versions(const Session& session);

/// The parts that only the system can tell, system-log.txt as the last of them: koshin's entries in the
/// user's system log. Windows has policies.txt and windows.txt besides. Throws FailureError{interrupted}.
std::vector<ArchiveEntry> system_parts(const Session& session);

}  // namespace koshin::cli
