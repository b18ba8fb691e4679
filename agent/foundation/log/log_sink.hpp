// SPDX-License-Identifier: MIT
// Where log entries go: the system's journal when stderr leads there, stderr itself else. Used by log.cpp
// alone.
#pragma once

#include <span>
#include <string>

#include "foundation/log/log.hpp"

namespace koshin::log {

/// An entry where there is no journal: the message, then NAME="value" for each field, quotes and backslashes
/// within a value behind a backslash.
std::string text_line(std::string message, Fields fields);

/// Where entries go when there is no journal: standard error, or what use_descriptor() said.
int log_descriptor();

/// "NAME=value" pairs, made printable, for the system's journal. False when stderr does not lead there, so
/// that the entry has to be written to stderr. log_linux.cpp
bool send_to_journal(std::span<const std::string> fields);

}  // namespace koshin::log
