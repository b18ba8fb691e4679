// SPDX-License-Identifier: MIT
// koshin's own entries in Windows' Event Log, as text for a support bundle.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace koshin::cli {

/// Adds those entries of the source "koshin" that a buffer of ReadEventLogW() holds (EVENTLOGRECORD, one
/// after the other), in its order: "TIME LEVEL NUMBER PROGRAM: MESSAGE" and a line for each further field. A
/// record whose lengths lead out of the buffer ends the reading. How many records it has looked at, that one
/// among them.
std::size_t add_own_entries(std::span<const std::byte> records, std::vector<std::string>& entries);

/// The newest entries of the log "Application", oldest first, as many as a bundle takes; why there are none,
/// else. Asks the service EventLog, which may not answer.
std::string own_event_log();

}  // namespace koshin::cli
