// SPDX-License-Identifier: MIT
// Destinations of log entries: the system's log (the systemd journal, the Event Log, syslog) when stderr is
// connected to it or leads nowhere, else stderr. Included by log.cpp only.
#pragma once

#include <span>
#include <string>

#include "foundation/log/log.hpp"

namespace koshin::log {

/// An entry as text: the message, then NAME="value" for each field, with quotes and backslashes in values
/// escaped by a backslash.
std::string text_line(std::string message, Fields fields);

/// Where entries go that are not the system's: standard error, or what use_handle() said.
NativeHandle log_handle();

/// Sends printable "NAME=value" pairs to the system's log: to the systemd journal when stderr is connected to
/// it; to the Event Log when there is no stderr, or to syslog on a system that has neither. False when the
/// entry must be written to stderr.
bool send_to_system_log(std::span<const std::string> fields);

}  // namespace koshin::log
