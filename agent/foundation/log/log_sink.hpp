// SPDX-License-Identifier: MIT
// Destinations of log entries: the systemd journal when stderr is connected to it, else stderr. Included by
// log.cpp only.
#pragma once

#include <span>
#include <string>

#include "foundation/log/log.hpp"

namespace koshin::log {

/// An entry as text: the message, then NAME="value" for each field, with quotes and backslashes in values
/// escaped by a backslash.
std::string text_line(std::string message, Fields fields);

/// Where entries go when there is no journal: standard error, or what use_handle() said.
NativeHandle log_handle();

/// Sends printable "NAME=value" pairs to the systemd journal. False when stderr is not connected to the
/// journal: the entry must be written to stderr.
bool send_to_journal(std::span<const std::string> fields);

}  // namespace koshin::log
