// SPDX-License-Identifier: MIT
// What goes into a support bundle: answers of koshin itself and of the system, each bounded in time and size.
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "cli/tar_gz.hpp"

namespace koshin::cli {

/// Versions, settings in force, doctor, status, history and tokens as JSON, all without a PIN; the end of
/// koshin's own log and of its lines in the user's system log. Redacted (support_redaction.hpp). What could
/// not be had is an entry that says why. Throws FailureError{interrupted}.
std::vector<ArchiveEntry> support_parts(const Session& session);

}  // namespace koshin::cli
