// SPDX-License-Identifier: MIT
// Where log entries go: the system's journal when stderr leads there, stderr itself else. Used by log.cpp
// alone.
#pragma once

#include <span>
#include <string>

namespace koshin::log {

enum class Level;

/// "NAME=value" pairs, made printable, for the system's journal. False when stderr does not lead there, so
/// that the entry has to be written to stderr. log_linux.cpp
bool send_to_journal(std::span<const std::string> fields);

}  // namespace koshin::log
